import { expect, test } from 'vitest';
import type { DemoNode } from '../../../../src/demo/jaco/node.ts';
import { value } from '../../../../src/engine/outcome.ts';
import { readCa } from '../../../../src/probes/jaco/control/cluster-ca.ts';
import { type PeerReleases, peerReleases } from '../../../../src/probes/jaco/raft/peer-releases.ts';
import { parseVersion } from '../../../../src/probes/jaco/release/parse-version.ts';
import { probed, start } from './stand-in-cluster.ts';

async function asked(node: DemoNode, running: string) {
  const { peers } = await probed(node);
  const ca = await readCa(node.caPath, null);
  const facts = {
    running: { version: parseVersion(running, 'binary'), described: running, startedAtMs: null, maybeStale: null },
    peers,
    endpoint: { kind: 'socket', path: node.socketPath },
    ca: ca.kind === 'value' ? value(ca.value) : ca,
  };
  return peerReleases.collect({ phase: () => {} } as never, facts as never, new AbortController().signal);
}

test('an old node learns without a token which peers have GetReplicas', async () => {
  const cluster = await start();
  cluster.node(1).release = 'v0.3.5';
  cluster.node(2).release = 'v0.3.7';
  const result = await asked(cluster.node(1), 'v0.3.5');
  expect(result).toEqual(
    value<PeerReleases>({
      listsReplicas: { [cluster.node(2).grpcAddress]: false, [cluster.node(3).grpcAddress]: true },
    }),
  );
});

test('a frozen peer is left out', async () => {
  const cluster = await start();
  cluster.node(1).release = 'v0.3.5';
  cluster.node(3).freeze();
  const result = await asked(cluster.node(1), 'v0.3.5');
  expect(result).toEqual(value<PeerReleases>({ listsReplicas: { [cluster.node(2).grpcAddress]: true } }));
});

test('a node of the newest known release makes no further call to its peers', async () => {
  const cluster = await start();
  expect(await asked(cluster.node(1), 'v0.3.9')).toMatchObject({ kind: 'not-applicable' });
  expect(new Set(cluster.calls.map(({ path }) => path))).toEqual(new Set(['/jaco.v1.Cluster/Status']));
});
