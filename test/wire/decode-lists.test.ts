import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replicaFact } from '../../src/probes/jaco/runtime/replica-fact.ts';
import { decodeLists, listField } from '../../src/wire/decode-lists.ts';
import { Deployment, DeployStatusResponse, GetReplicasResponse, ReplicaDetail, Route } from '../../src/wire/jaco.ts';

const name = fc.constantFrom('shop', 'web', 'jaco-1', 'j\u001b[2Jx', '', 'ä'.repeat(300), '\ufeff日本');
const stamp = fc.option(fc.record({ seconds: fc.constantFrom('0', '1795000000', '-5'), nanos: fc.nat(999_999_999) }), {
  nil: undefined,
});
const replica: fc.Arbitrary<ReplicaDetail> = fc.record({
  id: name,
  deployment: name,
  service: name,
  index: fc.nat(9),
  host: name,
  image: name,
  revision: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String),
  state: fc.nat(9),
  code: name,
  message: name,
  details: fc.dictionary(fc.constantFrom('exit_code', 'reason', 'network', 'ip.back'), name),
  containerId: name,
  startedAt: stamp,
  lastHealthAt: stamp,
  restartCount: fc.nat(9),
  lastAttemptAt: stamp,
  dependsOn: fc.array(fc.record({ service: name, condition: name, state: fc.nat(9), satisfied: fc.boolean() }), {
    maxLength: 3,
  }),
});
const answer = fc.array(replica, { maxLength: 6 }).map((replicas): GetReplicasResponse => ({ replicas }));

const route: Route = {
  domain: '',
  path: '',
  deployment: 'shop',
  service: 'web',
  port: 80,
  tlsAuto: false,
  stripPath: false,
};
const each = (bytes: Uint8Array, max = 100) =>
  decodeLists(Buffer.from(bytes), { rows: listField(1, ReplicaDetail, max, replicaFact) }).rows;
const whole = (bytes: Uint8Array) => GetReplicasResponse.decode(bytes).replicas.map(replicaFact);

test('a list decoded entry by entry is the list', () => {
  fc.assert(
    fc.property(answer, (given) => {
      const bytes = GetReplicasResponse.encode(given).finish();
      expect(each(bytes)).toEqual({ kept: whole(bytes), omitted: 0 });
      const most = Math.min(2, given.replicas.length);
      expect(each(bytes, 2)).toEqual({ kept: whole(bytes).slice(0, 2), omitted: given.replicas.length - most });
    }),
    { numRuns: 300 },
  );
});

test('lists of one answer are read together, in any order, and the others are skipped', () => {
  const list = DeployStatusResponse.encode({
    deployments: [
      Deployment.decode(Buffer.from('0a0473686f70', 'hex')),
      Deployment.decode(Buffer.from('0a04626c6f67', 'hex')),
    ],
    replicas: [],
    routes: [{ ...route, domain: 'shop.test' }],
    certs: [],
  }).finish();
  // A replica that was seen, named shop-web-0.
  const bytes = Buffer.concat([list, Buffer.from('120c0a0a73686f702d7765622d30', 'hex')]);
  expect(DeployStatusResponse.decode(bytes).replicas).toHaveLength(1);
  const lists = {
    domains: listField(3, Route, 9, (one) => one.domain),
    names: listField(1, Deployment, 1, (one) => one.name),
  };
  expect(decodeLists(bytes, lists)).toEqual({
    domains: { kept: ['shop.test'], omitted: 0 },
    names: { kept: ['shop'], omitted: 1 },
  });
});

test('bytes that are not a message are rejected, or read as the full decoder reads them', () => {
  const valid = answer.map((given) => GetReplicasResponse.encode(given).finish());
  const spoilt = fc
    .tuple(valid, fc.nat(), fc.nat(255))
    .map(([bytes, at, to]) => bytes.map((byte, index) => (index === at % Math.max(1, bytes.length) ? to : byte)));
  const attempt = <T>(decode: () => T): T | null => {
    try {
      return decode();
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      return null;
    }
  };
  fc.assert(
    fc.property(fc.oneof(spoilt, fc.uint8Array({ maxLength: 200 })), (bytes) => {
      const ours = attempt(() => each(bytes));
      const theirs = attempt(() => whole(bytes));
      if (ours !== null && theirs !== null) expect(ours.kept).toEqual(theirs);
    }),
    { numRuns: 1_000 },
  );
});
