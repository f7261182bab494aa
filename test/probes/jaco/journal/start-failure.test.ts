import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/engine/json.ts';
import { type Outcome, value } from '../../../../src/engine/outcome.ts';
import { exitReason } from '../../../../src/probes/jaco/journal/exit-reason.ts';
import type { JournalEntry } from '../../../../src/probes/jaco/journal/journal.ts';
import { startFailure } from '../../../../src/probes/jaco/journal/start-failure.ts';
import {
  exited,
  JOURNAL_DENIED,
  LOOPING,
  NOW,
  STOPPED,
  service,
  socketUnit,
} from '../../../checks/jaco/scenes/daemon-scene.ts';

const LOAD = 'load config /etc/jaco/jacod.yaml: ';

describe('the error of `jacod exited`, as real daemons wrote it', () => {
  test.each([
    [
      `${LOAD}parse jacod.yaml: yaml: unmarshal errors: line 6: field listen_adr not found in type config.Config`,
      { kind: 'config', cause: 'unknown-key', key: 'listen_adr' },
    ],
    [
      `${LOAD}parse jacod.yaml: yaml: unmarshal errors: line 6: mapping key "acme_enabled" already defined at line 5`,
      { kind: 'config', cause: 'duplicate-key', key: 'acme_enabled' },
    ],
    [`${LOAD}parse jacod.yaml: EOF`, { kind: 'config', cause: 'empty-file', key: null }],
    [
      `${LOAD}parse jacod.yaml: yaml: line 5: found a tab character that violates indentation`,
      { kind: 'config', cause: 'not-yaml', key: null },
    ],
    [
      `${LOAD}parse jacod.yaml: yaml: unmarshal errors: line 2: cannot unmarshal !!int \`5\` into time.Duration`,
      { kind: 'config', cause: 'wrong-type', key: null },
    ],
    [
      `${LOAD}listen_addr "127.81.0.1" is not host:port: address 127.81.0.1: missing port in address`,
      { kind: 'config', cause: 'bad-value', key: 'listen_addr' },
    ],
    [`${LOAD}cluster_addr and listen_addr must differ`, { kind: 'config', cause: 'bad-value', key: 'cluster_addr' }],
    [
      `${LOAD}dns.forwarder_timeout -1s must be >= 0`,
      { kind: 'config', cause: 'bad-value', key: 'dns.forwarder_timeout' },
    ],
    [
      `${LOAD}dns.forwarders["10.244.3.1"]: 10.244.*.1 is a JACO bridge gateway; configuring it as an upstream would create a forwarding loop`,
      { kind: 'forwarder-loop', forwarder: '10.244.3.1' },
    ],
    [
      `${LOAD}read /etc/jaco/jacod.yaml: open /etc/jaco/jacod.yaml: permission denied`,
      { kind: 'config', cause: 'unreadable', key: null },
    ],
    [
      `${LOAD}read /etc/jaco/jacod.yaml: read /etc/jaco/jacod.yaml: is a directory`,
      { kind: 'config', cause: 'is-directory', key: null },
    ],
    [
      'gRPC server: listen tcp 127.81.0.1:99999: listen tcp: address 99999: invalid port',
      { kind: 'config', cause: 'bad-port', key: 'listen_addr' },
    ],
    [
      'gRPC server: listen unix /x: listen unix /x: bind: invalid argument',
      { kind: 'config', cause: 'socket-path-too-long', key: 'unix_socket' },
    ],
    [
      'gRPC server: listen tcp 10.0.0.1:7000: listen tcp 10.0.0.1:7000: bind: address already in use',
      { kind: 'port-in-use', address: '10.0.0.1:7000' },
    ],
    [
      'gRPC server: listen tcp [fd00::1]:7000: listen tcp [fd00::1]:7000: bind: cannot assign requested address',
      { kind: 'address-gone', address: '[fd00::1]:7000' },
    ],
    [
      'auto-detect advertise IP: no routable IPv4 interface address found; set listen_addr/cluster_addr in /etc/jaco/jacod.yaml to a routable host:port',
      { kind: 'no-private-address' },
    ],
    ['gRPC server: mkdir /var/lib/jaco/node: no space left on device', { kind: 'disk-full' }],
    ['gRPC server: mkdir socket parent: mkdir /run/jaco: permission denied', { kind: 'unwritable' }],
    ['gRPC server died: something new', { kind: 'other' }],
  ])('%s', (error, reason) => {
    expect(exitReason(error)).toEqual(reason);
  });
});

describe('whose last error counts', () => {
  const last = (entries: readonly JournalEntry[], given: object, journal?: Outcome) => {
    const facts = {
      unit: value({ service: service(given), socket: socketUnit() } as unknown as Json),
      journal: journal ?? value({ entries } as unknown as Json),
    };
    const result = startFailure.derive(facts as never, NOW);
    return result.kind === 'value' ? (result.value as { last: { error: string } | null; unseen: string | null }) : null;
  };
  const OLD = { ...exited('old trouble'), invocation: 'before', atMs: NOW - 3_600_000 };

  test('those of the start that systemd last tried', () => {
    expect(last([OLD, exited('new trouble')], LOOPING)?.last?.error).toBe('new trouble');
  });

  test('those of a moment ago, where systemd has begun the next start already', () => {
    const justNow = { ...exited('new trouble'), invocation: 'before', atMs: NOW - 2_000 };
    expect(last([justNow], { active: 'activating', sub: 'start' })?.last?.error).toBe('new trouble');
  });

  test('not those of a start long past', () => {
    expect(last([OLD], STOPPED)?.last).toBeNull();
    expect(last([OLD], LOOPING)?.last).toBeNull();
  });

  test('not those from before a start that got further and then ended without an error', () => {
    const trouble = { ...exited('old trouble'), invocation: 'before', atMs: NOW - 20_000 };
    const started = { ...trouble, message: 'starting', error: null, atMs: NOW - 10_000, invocation: 'between' };
    expect(last([trouble], LOOPING)?.last?.error).toBe('old trouble');
    expect(last([trouble, started], LOOPING)?.last).toBeNull();
    // The current start has logged its first line and not its last.
    expect(last([trouble, started], { ...LOOPING, sub: 'start', mainPid: 77 })?.last?.error).toBe('old trouble');
  });

  test('not those of a daemon that runs again', () => {
    expect(last([exited('trouble')], {})).toEqual({ last: null, unseen: null });
  });

  test('unread errors are reported as unread', () => {
    expect(last([], LOOPING, JOURNAL_DENIED)?.unseen).toContain('systemd-journal');
  });
});
