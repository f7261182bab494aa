import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { configArgument } from '../../../../src/probes/jaco/daemon/unit/config-argument.ts';
import { parseUnits } from '../../../../src/probes/jaco/daemon/unit/parse-units.ts';
import { isServiceRunning } from '../../../../src/probes/jaco/daemon/unit.ts';

const captured = (name: string) =>
  readFileSync(new URL(`../../../captures/host/systemctl-show-${name}-healthy.txt`, import.meta.url), 'utf8');
const HEALTHY = `${captured('jaco')}\n${captured('socket')}`;

/** The healthy answer with these properties of jaco.service replaced. */
function shown(properties: { readonly [name: string]: string }, text = HEALTHY) {
  const changed = Object.entries(properties).reduce((now, [name, value]) => {
    const line = new RegExp(`^${name}=.*$`, 'm');
    return line.test(now) ? now.replace(line, () => `${name}=${value}`) : `${name}=${value}\n${now}`;
  }, text);
  const units = parseUnits(changed);
  if (units === null) throw new Error('not parsed');
  return units;
}

describe('systemctl show of a healthy node', () => {
  const { service, socket } = shown({});

  test('shows what runs, since when, as whom, from which file', () => {
    expect(service).toMatchObject({
      load: 'loaded',
      active: 'active',
      sub: 'running',
      result: 'success',
      enabled: 'enabled',
      mainPid: 226,
      exit: null,
      startedAtMs: Date.parse('2026-11-21T07:52:48Z'),
      exitedAtMs: null,
      invocation: '4b8fc6063551485d8cd45d986d99f39a',
      user: 'jaco',
      execPath: '/usr/local/bin/jacod',
      configPath: '/etc/jaco/jacod.yaml',
      readWritePaths: ['/var/lib/jaco'],
      protectSystem: 'strict',
      privateTmp: true,
      needsReload: false,
    });
  });

  test('shows where systemd listens and for whom', () => {
    expect(socket).toMatchObject({
      active: 'active',
      sub: 'running',
      enabled: 'disabled',
      listen: ['/run/jaco/jaco.sock'],
      socketGroup: 'jaco',
      socketMode: 0o660,
    });
  });
});

test('the pause of a restart loop runs nothing, though the unit is activating', () => {
  const units = shown({
    ActiveState: 'activating',
    SubState: 'auto-restart',
    Result: 'exit-code',
    MainPID: '0',
    NRestarts: '2',
    ExecMainCode: '1',
    ExecMainStatus: '1',
  });
  expect(units.service).toMatchObject({ mainPid: null, restarts: 2, exit: { how: 'exited', status: 1 } });
  expect(isServiceRunning(units)).toBe(false);
  expect(isServiceRunning(shown({}))).toBe(true);
});

test.each([
  ['killed', { ExecMainCode: '2', ExecMainStatus: '9' }, { how: 'killed', status: 9 }],
  ['dumped', { ExecMainCode: '3', ExecMainStatus: '11' }, { how: 'dumped', status: 11 }],
])('a process that was %s', (_how, properties, exit) => {
  expect(shown(properties).service.exit).toEqual(exit);
});

describe('the unit names jacod.yaml', () => {
  const command = (words: string) =>
    `{ path=/usr/local/bin/jacod ; argv[]=/usr/local/bin/jacod ${words} ; ignore_errors=no ; pid=0 }`;
  test.each([
    ['an environment with more in it', { Environment: 'FOO=1 "BAR=a b" JACO_CONFIG=/srv/j.yaml' }, '/srv/j.yaml'],
    ['a quoted path', { Environment: '"JACO_CONFIG=/srv/my jaco.yaml"' }, '/srv/my jaco.yaml'],
    ['the command line, which wins', { ExecStart: command('--config /srv/flag.yaml') }, '/srv/flag.yaml'],
    [
      'one dash and an equals sign',
      { ExecStart: command('-config=/srv/flag.yaml --log-level debug') },
      '/srv/flag.yaml',
    ],
    ['nowhere', { Environment: '' }, null],
  ])('%s', (_where, properties, path) => {
    expect(shown(properties).service.configPath).toBe(path);
  });

  test('other flags are not a configuration', () => {
    expect(configArgument(['--log-level', 'debug', '-version'])).toBeNull();
  });
});

test('paths that may be missing lose their prefix', () => {
  expect(shown({ ReadWritePaths: '-/srv/jaco +/var/lib/jaco' }).service.readWritePaths).toEqual([
    '/srv/jaco',
    '/var/lib/jaco',
  ]);
});

test('times come in seconds too', () => {
  expect(shown({ ActiveEnterTimestamp: '@1795247568' }).service.activeSinceMs).toBe(1_795_247_568_000);
});

test('a host without jaco.socket is recognised', () => {
  const text = `${captured('jaco')}\nId=jaco.socket\nLoadState=not-found\nActiveState=inactive\nSubState=dead\n`;
  expect(parseUnits(text)?.socket).toMatchObject({ load: 'not-found', listen: [], socketGroup: null });
});

test.each(['', 'Failed to connect to bus: No such file or directory', captured('jaco')])(
  'an answer without both units is not an answer',
  (text) => {
    expect(parseUnits(text)).toBeNull();
  },
);
