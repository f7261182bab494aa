import fc from 'fast-check';
import { expect, test } from 'vitest';
import { thinViewOf, viewOf } from '../../src/probes/jaco/control/peer-view.ts';
import { statusFact } from '../../src/probes/jaco/control/status-fact.ts';
import { decodeThinStatus } from '../../src/wire/decode-thin-status.ts';
import { ClusterStatusResponse } from '../../src/wire/jaco.ts';

const name = fc.constantFrom('jaco-1', 'jaco-2', 'jaco-3', 'j\u001b[2Jx', '', 'ä'.repeat(130));
const address = fc.constantFrom('10.0.0.1:7001', '10.0.0.2:7001', '');
const stamp = fc.option(fc.record({ seconds: fc.constantFrom('0', '1795000000', '-5'), nanos: fc.nat(999_999_999) }), {
  nil: undefined,
});
const node = fc.record({
  hostname: name,
  address,
  grpcAddress: address,
  status: fc.nat(9),
  statusDetails: fc.dictionary(name, name, { maxKeys: 2 }),
  serverCertFingerprint: fc.constant(Buffer.alloc(0)),
  wireguardPubkey: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  joinedAt: stamp,
  lastPressureAt: stamp,
  cpuPressure: fc.double(),
  memoryPressure: fc.double(),
});
const status: fc.Arbitrary<ClusterStatusResponse> = fc.record({
  initialized: fc.boolean(),
  leader: address,
  raftIndex: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  nodes: fc.array(node, { maxLength: 6 }),
  suffrages: fc.array(fc.record({ hostname: name, kind: fc.nat(3) }), { maxLength: 4 }),
});

test('an answer of which only the judged part is decoded is judged like the whole', () => {
  fc.assert(
    fc.property(status, (answer) => {
      const bytes = ClusterStatusResponse.encode(answer).finish();
      const thin = decodeThinStatus(
        Buffer.from(bytes),
        (hostname, raft) => hostname === 'jaco-1' || raft === '10.0.0.1:7001',
      );
      const whole = viewOf(statusFact(ClusterStatusResponse.decode(bytes)), 'jaco-1', '10.0.0.1:7001');
      const { self: _, nameHere: __, ...rest } = thinViewOf(thin, 'jaco-1', '10.0.0.1:7001');
      expect(whole).toMatchObject(rest);
      expect(thinViewOf(thin, 'jaco-1', '10.0.0.1:7001').self === null).toBe(whole.self === null);
    }),
    { numRuns: 200 },
  );
});

test('bytes that are not a message end in an error, or in names, and never in more members than there are bytes', () => {
  const valid = status.map((answer) => ClusterStatusResponse.encode(answer).finish());
  const spoilt = fc
    .tuple(valid, fc.nat(), fc.nat(255))
    .map(([bytes, at, to]) => bytes.map((byte, index) => (index === at % Math.max(1, bytes.length) ? to : byte)));
  fc.assert(
    fc.property(fc.oneof(spoilt, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      try {
        const { hostnames, leader } = decodeThinStatus(Buffer.from(bytes), () => true);
        expect(hostnames.length).toBeLessThanOrEqual(bytes.length);
        expect([leader, ...hostnames].every((one) => typeof one === 'string')).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
    { numRuns: 400 },
  );
});

test('an answer cut short is refused, or is what the full decoder makes of it', () => {
  const cut = status
    .map((answer) => ClusterStatusResponse.encode(answer).finish())
    .chain((bytes) => fc.nat(bytes.length).map((length) => bytes.subarray(0, length)));
  const attempt = <T>(decode: () => T): T | null => {
    try {
      return decode();
    } catch {
      return null;
    }
  };
  fc.assert(
    fc.property(cut, (bytes) => {
      const thin = attempt(() => decodeThinStatus(Buffer.from(bytes), () => true));
      const whole = attempt(() => ClusterStatusResponse.decode(bytes));
      expect(thin === null).toBe(whole === null);
      expect(thin?.hostnames).toEqual(whole?.nodes.map(({ hostname }) => hostname));
      expect([thin?.leader, thin?.raftIndex, thin?.initialized]).toEqual([
        whole?.leader,
        whole?.raftIndex,
        whole?.initialized,
      ]);
    }),
    { numRuns: 400 },
  );
});
