import { expect, test, vi } from 'vitest';
import { notApplicable } from '../../../../src/engine/outcome.ts';
import { crossNode } from '../../../../src/probes/jaco/network/cross-node.ts';

// A process that may not create internet sockets, as in a unit with RestrictAddressFamilies=AF_UNIX.
const refused = { kind: 'error', code: 'EAFNOSUPPORT', ms: 0 } as const;
vi.mock('../../../../src/probes/io/dns/query-udp.ts', () => ({
  queryUdp: async () => ({ kind: 'failure', why: 'unreachable', code: 'EAFNOSUPPORT', strays: 0, ms: 0 }),
}));
vi.mock('../../../../src/probes/io/try-connect.ts', async (original) => ({
  ...(await original<typeof import('../../../../src/probes/io/try-connect.ts')>()),
  tryConnect: async () => refused,
}));

test('traffic that this process could not send is not lost traffic', async () => {
  const remote = { deployment: 'shop', service: 'api', host: 'jaco-2', ip: '10.244.9.2', gateway: '10.244.9.1' };
  const given = { spanning: { remotes: [remote] }, routes: notApplicable('none') };
  const io = { settings: { standIn: null }, phase: () => {} };
  const result = await crossNode.collect(io as never, given as never, new AbortController().signal);
  expect(result).toMatchObject({
    kind: 'failed',
    failure: { why: 'unreadable', detail: 'nothing could be sent to other nodes: EAFNOSUPPORT' },
  });
});
