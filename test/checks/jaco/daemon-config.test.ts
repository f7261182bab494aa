import { describe, expect, test } from 'vitest';
import daemonConfig from '../../../checks/jaco/daemon-config.ts';
import { parseConfig } from '../../../src/probes/jaco/daemon/jacod-config/parse-config.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { exited, jacod, judgeScene, LOOPING, line, NOW, refused, STARTED, STOPPED } from './scenes/daemon-scene.ts';

/** A jacod.yaml with this text, changed a minute ago. */
function file(text: string) {
  return { ...parseConfig(text), changedAtMs: NOW - 60_000 };
}

const NO_PROCESS = { main: null, from: 'scan' } as const;
const WITHHELD = refused(
  'jaco.unit',
  'withheld',
  'connect',
  '/run/jaco/jaco.sock was not dialled: jaco.service does not run, and the dial would start it',
);
const DOWN = { service: LOOPING, process: NO_PROCESS, connect: WITHHELD } as const;

test('a file that the daemon accepts passes, and the row names it', () => {
  const { 'daemon-config': row } = judgeScene();
  expect(brief(row)).toBe('pass');
  expect(unquoted(row, '/etc/jaco/jacod.yaml')).toEqual([]);
});

test('no file means all defaults, and is not an error', () => {
  const { 'daemon-config': row } = judgeScene({
    config: { present: false, changedAtMs: null, mode: null, owner: null, group: null },
  });
  expect(brief(row)).toBe('pass');
});

describe('a daemon that does not come up because of its file', () => {
  test('a misspelt key is the headline, and everything behind it is blocked by it', () => {
    const error =
      'load config /etc/jaco/jacod.yaml: parse jacod.yaml: yaml: unmarshal errors: line 2: field listen_adr not found in type config.Config';
    const rows = judgeScene({
      ...DOWN,
      config: file('data_dir: /var/lib/jaco\nlisten_adr: x\n'),
      entries: [exited(error)],
    });
    expect(brief(rows['daemon-config'])).toBe('fail config_invalid:unknown-key');
    expect(rows['daemon-config']?.findings[0]).toMatchObject({
      values: { config: '/etc/jaco/jacod.yaml', key: 'listen_adr' },
    });
    expect(unquoted(rows['daemon-config'], '/etc/jaco/jacod.yaml:2:1', '2026-11-21T11:59:57Z', error)).toEqual([]);
    expect(brief(rows['daemon-unit'])).toBe('blocked by config_invalid');
    expect(brief(rows['daemon-socket'])).toBe('blocked by config_invalid');
    expect(brief(rows['downstream'])).toBe('blocked by config_invalid');
  });

  test('a forwarder that loops has its own id, without config_invalid', () => {
    const rows = judgeScene({ ...DOWN, config: file('dns:\n  forwarders: [127.0.0.11]\n') });
    expect(brief(rows['daemon-config'])).toBe('fail dns_forwarder_loop:forwarders');
    expect(rows['daemon-config']?.findings[0]?.values).toEqual({
      config: '/etc/jaco/jacod.yaml',
      forwarder: '127.0.0.11',
    });
    expect(unquoted(rows['daemon-config'], '127.0.0.11')).toEqual([]);
    expect(brief(rows['daemon-unit'])).toBe('blocked by dns_forwarder_loop');
  });

  test('without the right to read the journal the file itself is enough', () => {
    const rows = judgeScene({
      ...DOWN,
      config: file(''),
      journal: refused('jaco.journal', 'denied', 'journalctl', 'not yours'),
    });
    expect(brief(rows['daemon-config'])).toBe('fail config_invalid:empty-file');
    expect(brief(rows['daemon-unit'])).toBe('blocked by config_invalid');
  });

  test('a file that user jacod may not read is reported with its owner', () => {
    const problem = {
      kind: 'unreadable',
      cause: 'unreadable',
      message: 'read /etc/jaco/jacod.yaml: open /etc/jaco/jacod.yaml: permission denied',
      line: null,
      column: null,
      key: null,
      value: null,
    } as const;
    const rows = judgeScene({ ...DOWN, config: { settings: null, problem, mode: 0o600, readableByDaemon: false } });
    expect(brief(rows['daemon-config'])).toBe('fail config_invalid:unreadable');
    expect(unquoted(rows['daemon-config'], 'root:root', '0600')).toEqual([]);
  });

  test.each([
    [
      'a port above 65535, which the file check lets through',
      'gRPC server: listen tcp 10.0.0.1:99999: listen tcp: address 99999: invalid port',
      'bad-port',
    ],
    [
      'a socket path beyond 107 characters',
      'gRPC server: listen unix /x: listen unix /x: bind: invalid argument',
      'socket-path-too-long',
    ],
    [
      'a key that a newer doctor knows and this daemon does not',
      'load config /etc/jaco/jacod.yaml: parse jacod.yaml: yaml: unmarshal errors: line 3: field dns not found in type config.Config',
      'key-too-new',
    ],
    [
      'YAML that only the daemon objects to',
      'load config /etc/jaco/jacod.yaml: parse jacod.yaml: yaml: line 3: found a tab character that violates indentation',
      'not-yaml',
    ],
  ])('%s is known from its last error', (_what, error, cause) => {
    const rows = judgeScene({ ...DOWN, entries: [exited(error)] });
    expect(brief(rows['daemon-config'])).toBe(`fail config_invalid:${cause}`);
    expect(brief(rows['daemon-unit'])).toBe('blocked by config_invalid');
  });

  test('an unknown flag of the daemon is on its stderr', () => {
    const entries = [line('flag provided but not defined: -verbose', { raw: true, subsystem: null, priority: 6 })];
    expect(brief(judgeScene({ ...DOWN, entries })['daemon-config'])).toBe('fail config_invalid:unknown-flag');
  });

  test('a file that was fixed after the last attempt is not reported', () => {
    const entries = [exited('load config /etc/jaco/jacod.yaml: parse jacod.yaml: EOF')];
    const rows = judgeScene({ ...DOWN, entries, config: { changedAtMs: NOW - 1_000 } });
    expect(brief(rows['daemon-config'])).toBe('pass');
    expect(brief(rows['daemon-unit'])).toBe('unknown');
  });

  test('the error of an old start does not count for a daemon that was stopped since', () => {
    const entries = [
      {
        ...exited('load config /etc/jaco/jacod.yaml: parse jacod.yaml: EOF'),
        invocation: 'another',
        atMs: NOW - 7_200_000,
      },
    ];
    expect(
      brief(judgeScene({ entries, service: STOPPED, process: NO_PROCESS, connect: WITHHELD })['daemon-config']),
    ).toBe('pass');
  });
});

describe('a daemon that runs', () => {
  const bad = parseConfig('listen_adr: x\n');

  test('on a file that was broken since is warned of its next start, and nothing is blocked', () => {
    const rows = judgeScene({ config: { ...bad, changedAtMs: STARTED + 60_000 } });
    expect(brief(rows['daemon-config'])).toBe('warn config_invalid_on_restart:named-key');
    expect(unquoted(rows['daemon-config'], '2026-11-21T11:00:00Z', '2026-11-21T11:01:00Z')).toEqual([]);
    expect(brief(rows['daemon-unit'])).toBe('pass');
    expect(brief(rows['downstream'])).toBe('pass');
  });

  test('on this file proves that the file is good, even if our parser rejects it', () => {
    const { 'daemon-config': row } = judgeScene({ config: { ...bad, changedAtMs: STARTED - 60_000 } });
    expect(brief(row)).toBe('pass');
  });

  test('on a file that was written a second before the start, by a boot time that is known to the second', () => {
    const at = (offsetMs: number) =>
      judgeScene({ config: { ...bad, changedAtMs: STARTED + offsetMs } })['daemon-config'];
    expect(brief(at(-500))).toBe('pass');
    expect(brief(at(900))).toBe('pass');
    expect(brief(at(3_000))).toBe('warn config_invalid_on_restart:named-key');
  });

  test('on another file proves nothing about this one', () => {
    const scene = {
      config: { ...bad, path: '/tmp/new.yaml', from: 'given', changedAtMs: STARTED - 60_000 },
      process: { main: jacod() },
    } as const;
    const { 'daemon-config': row } = judgeScene(scene);
    expect(brief(row)).toBe('warn config_invalid_on_restart:named-key');
    expect(row?.notes).toHaveLength(1);
    expect(unquoted(row, '/etc/jaco/jacod.yaml', '/tmp/new.yaml')).toEqual([]);
  });
});

test('a file that this user may not read is unknown, and says what was refused', () => {
  const { 'daemon-config': row } = judgeScene({
    config: refused('jaco.config', 'denied', 'read', '/etc/jaco/jacod.yaml: EACCES'),
  });
  expect(brief(row)).toBe('unknown');
  expect(row?.reason).toContain('/etc/jaco/jacod.yaml: EACCES');
});

idsAndTextsArePinned('jaco', daemonConfig);
