import { describe, expect, test } from 'vitest';
import { parseSystemctlShow } from '../../../../../src/probes/io/systemctl-show.ts';
import {
  type ConfigSource,
  configSource,
  type EnvironmentFile,
} from '../../../../../src/probes/jaco/daemon/unit/config-source.ts';
import { parseEnvironmentFile } from '../../../../../src/probes/jaco/daemon/unit/environment-file.ts';
import { environmentFilesOf } from '../../../../../src/probes/jaco/daemon/unit/parse-units.ts';

/** ExecStart= as systemd prints it: words joined by blanks, without their quotes. */
const exec = (path: string, words = path) =>
  `ExecStart={ path=${path} ; argv[]=${words} ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 }`;
const JACOD = '/usr/local/bin/jacod';

function sourceOf(lines: readonly string[], files: readonly EnvironmentFile[] = [], manager?: string): ConfigSource {
  const [shown] = parseSystemctlShow(['Id=jaco.service', ...lines].join('\n'));
  if (shown === undefined) throw new Error('nothing shown');
  return configSource(shown, files, manager);
}

const known = (path: string | null): ConfigSource => ({ kind: 'known', path });
const env = (path: string, text: string): EnvironmentFile => ({ path, kind: 'text', text });

describe('EnvironmentFile=', () => {
  const drop = '# Settings of jacod\nJACO_CONFIG=/opt/jaco/node.yaml\n';

  test('names the file, after a drop-in took Environment= away', () => {
    const lines = [exec(JACOD), 'Environment=', 'EnvironmentFiles=/etc/default/jaco (ignore_errors=yes)'];
    expect(environmentFilesOf(`Id=jaco.service\n${lines.join('\n')}`)).toEqual(['/etc/default/jaco']);
    expect(sourceOf(lines, [env('/etc/default/jaco', drop)])).toEqual(known('/opt/jaco/node.yaml'));
  });

  test('wins over Environment=, and a later file over an earlier one', () => {
    const lines = [exec(JACOD), 'Environment=JACO_CONFIG=/etc/jaco/jacod.yaml'];
    expect(sourceOf(lines, [env('/a', drop)])).toEqual(known('/opt/jaco/node.yaml'));
    expect(sourceOf(lines, [env('/a', drop), env('/b', 'JACO_CONFIG=/b.yaml')])).toEqual(known('/b.yaml'));
    expect(sourceOf(lines, [env('/a', drop), { path: '/b', kind: 'text', text: null }])).toEqual(
      known('/opt/jaco/node.yaml'),
    );
  });

  test('that this user may not read makes the file unknown, unless the command names it', () => {
    const files: readonly EnvironmentFile[] = [{ path: '/a', kind: 'denied', detail: '/a: EACCES' }];
    expect(sourceOf([exec(JACOD), 'Environment=JACO_CONFIG=/x.yaml'], files)).toEqual({
      kind: 'unknown',
      reason: 'jaco.service reads variables from a file that this user cannot read (/a: EACCES)',
    });
    expect(sourceOf([exec(JACOD, `${JACOD} --config /x.yaml`)], files)).toEqual(known('/x.yaml'));
  });

  test('an empty value is the default, and so is a variable that is unset', () => {
    expect(sourceOf([exec(JACOD)], [env('/a', 'JACO_CONFIG=\n')])).toEqual(known(null));
    expect(sourceOf([exec(JACOD), 'UnsetEnvironment=JACO_CONFIG'], [env('/a', drop)])).toEqual(known(null));
  });

  test('a variable passed on from systemd is not known', () => {
    expect(sourceOf([exec(JACOD), 'PassEnvironment=LANG JACO_CONFIG'])).toMatchObject({ kind: 'unknown' });
  });

  test('systemd’s own environment names the file if nothing else does', () => {
    const manager = 'LANG=C "JACO_CONFIG=/my jaco/x.yaml"';
    expect(sourceOf([exec(JACOD)], [], manager)).toEqual(known('/my jaco/x.yaml'));
    expect(sourceOf([exec(JACOD), 'PassEnvironment=JACO_CONFIG'], [], manager)).toEqual(known('/my jaco/x.yaml'));
    expect(sourceOf([exec(JACOD)], [env('/a', drop)], manager)).toEqual(known('/opt/jaco/node.yaml'));
    expect(sourceOf([exec(JACOD)], [], 'LANG=C')).toEqual(known(null));
  });
});

// How systemd 252 parses each, on a real host.
describe('a line of such a file', () => {
  test.each([
    ['a plain one', 'JACO_CONFIG=/a b/c.yaml  ', '/a b/c.yaml'],
    ['quotes, which are not kept', 'JACO_CONFIG="/a b/c.yaml"', '/a b/c.yaml'],
    ['quotes that are joined', `JACO_CONFIG="/a"'/b'/c.yaml`, '/a/b/c.yaml'],
    ['quotes within a value, which are', 'JACO_CONFIG=/a"b".yaml', '/a"b".yaml'],
    ['blanks around', '  JACO_CONFIG = /a.yaml', '/a.yaml'],
    ['a line that is continued', 'JACO_CONFIG=/a\\\n/b.yaml', '/a/b.yaml'],
    ['the last of several', 'JACO_CONFIG=/a\nJACO_CONFIG=/b', '/b'],
    ['a line end of Windows', 'X=1\r\nJACO_CONFIG=/a.yaml\r\n', '/a.yaml'],
    ['no line end', 'X=1\nJACO_CONFIG=/a.yaml', '/a.yaml'],
    ['a comment', '#JACO_CONFIG=/a\n;JACO_CONFIG=/b', undefined],
    ['a shell’s export, which systemd ignores', 'export JACO_CONFIG=/a', undefined],
    ['a byte order mark, which systemd takes for a part of the name', '\ufeffJACO_CONFIG=/a', undefined],
    ['a backslash, which is dropped', 'JACO_CONFIG=/a\\ b', '/a b'],
  ])('%s', (_what, text, path) => {
    expect(parseEnvironmentFile(text).get('JACO_CONFIG')).toBe(path);
  });
});

describe('the command', () => {
  test.each([
    ['a path with blanks', JACOD, `${JACOD} --config /opt/my jaco/x.yaml --log-level debug`, '/opt/my jaco/x.yaml'],
    ['a path with a semicolon', JACOD, `${JACOD} --config /opt/a ; b.yaml`, '/opt/a ; b.yaml'],
    ['a variable', JACOD, `${JACOD} --config \${DIR}/x.yaml`, '/srv/x.yaml'],
    ['a variable as a word', JACOD, `${JACOD} --config $FILE`, '/srv/f.yaml'],
    ['a path relative to its folder', JACOD, `${JACOD} --config node.yaml`, '/opt/node.yaml'],
    ['a program with its version', '/opt/jacod-0.3.9', '/opt/jacod-0.3.9 -config=/x.yaml', '/x.yaml'],
    ['another name as argv[0]', JACOD, 'daemon --config /x.yaml', '/x.yaml'],
    ['env', '/usr/bin/env', `/usr/bin/env JACO_CONFIG=/a b.yaml X=1 ${JACOD}`, '/a b.yaml'],
    ['nice', '/usr/bin/nice', `/usr/bin/nice -n 5 ${JACOD} --config /x.yaml`, '/x.yaml'],
    ['a shell', '/bin/sh', `/bin/sh -c exec ${JACOD} --config /x.yaml`, '/x.yaml'],
    ['a shell, quotes in it', '/bin/sh', `/bin/sh -c exec ${JACOD} --config "/my jaco/x.yaml"`, '/my jaco/x.yaml'],
    ['a shell that sets a variable', '/bin/bash', `/bin/bash -ec JACO_CONFIG=/x.yaml exec ${JACOD}`, '/x.yaml'],
    ['a shell that exports it', '/bin/sh', `/bin/sh -c export JACO_CONFIG=/x.yaml; exec ${JACOD}`, '/x.yaml'],
    ['a shell that does not export it', '/bin/sh', `/bin/sh -c A=/x; JACO_CONFIG=$A.yaml; exec ${JACOD}`, null],
    ['a shell that changes folder', '/bin/sh', `/bin/sh -c cd /srv && exec ${JACOD} --config x.yaml`, '/srv/x.yaml'],
    ['a shell that waits first', '/bin/sh', `/bin/sh -c sleep 2; exec ${JACOD} --config $FILE 2>&1`, '/srv/f.yaml'],
    ['a shell that only passes on', '/bin/sh', `/bin/sh -c exec ${JACOD} >> /var/log/jacod.log 2>&1`, null],
  ])('%s', (_what, path, words, expected) => {
    const lines = [exec(path, words), 'Environment=DIR=/srv FILE=/srv/f.yaml', 'WorkingDirectory=/opt'];
    expect(sourceOf(lines)).toEqual(known(expected));
  });

  test.each([
    ['a shell that reads a file', '/bin/sh', `/bin/sh -c . /etc/default/jaco; exec ${JACOD}`],
    ['a shell with an alternative', '/bin/sh', `/bin/sh -c [ -f /x ] && exec ${JACOD} --config /x || exec ${JACOD}`],
    ['a shell with a substitution', '/bin/sh', `/bin/sh -c exec ${JACOD} --config $(cat /etc/where)`],
    ['a shell’s file', '/bin/sh', '/bin/sh /opt/start.sh'],
    ['a program of another name', '/opt/start-jaco', '/opt/start-jaco'],
  ])('%s does not show it', (_what, path, words) => {
    expect(sourceOf([exec(path, words)])).toMatchObject({ kind: 'unknown' });
  });

  test('a sourced file does not matter if the command names the file', () => {
    const words = `/bin/sh -c . /etc/default/jaco; exec ${JACOD} --config /x.yaml`;
    expect(sourceOf([exec('/bin/sh', words)])).toEqual(known('/x.yaml'));
  });
});
