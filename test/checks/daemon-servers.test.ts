import { expect, test } from 'vitest';
import { judgeServers } from '../../checks/jaco/daemon-socket/servers.ts';
import type { Server } from '../../src/probes/jaco/control/servers.ts';

const ADDRESS = '10.9.9.9:7000';
const unconnected = (code: string): Server => ({
  address: ADDRESS,
  hostname: null,
  connect: { kind: 'error', code, ms: 1 },
  hello: null,
  refused: null,
  answer: {
    kind: 'failure',
    phase: 'connect',
    why: code === 'ECONNREFUSED' ? 'refused' : 'absent',
    detail: `connect to ${ADDRESS}: ${code}`,
    code,
    grpc: null,
  },
});

test('a laptop without a network accuses no daemon, and one that is refused does', () => {
  const alone = judgeServers({ servers: [unconnected('ENETUNREACH')], lead: null });
  expect(alone.kind).toBe('unknown');
  expect(JSON.stringify(alone)).toContain(`connect to ${ADDRESS}: ENETUNREACH, so this machine has no route there`);
  const refused = judgeServers({ servers: [unconnected('ECONNREFUSED')], lead: null });
  expect(JSON.stringify(refused)).toContain('"id":"daemon_unreachable"');
});

test.each(['EMFILE', 'ENOBUFS', 'EAFNOSUPPORT', 'EPERM', 'EADDRNOTAVAIL'])(
  'nor does one whose limits, sandbox or filter let no connect out: %s',
  (code) => {
    const kept = judgeServers({ servers: [unconnected(code)], lead: null });
    expect(kept.kind).toBe('unknown');
    expect(JSON.stringify(kept)).toContain(`connect to ${ADDRESS}: ${code}, so this machine itself let nothing out`);
    // The first connect got the last descriptor, and the handshake after it none.
    const later = { ...unconnected(code), connect: { kind: 'connected', ms: 1 } } as const;
    expect(judgeServers({ servers: [later], lead: null }).kind).toBe('unknown');
  },
);
