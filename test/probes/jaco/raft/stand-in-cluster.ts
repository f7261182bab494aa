import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type Cluster, startCluster } from '../../../../src/demo/jaco/cluster.ts';
import type { DemoNode } from '../../../../src/demo/jaco/node.ts';
import type { Outcome, Result } from '../../../../src/engine/outcome.ts';
import type { Probe } from '../../../../src/engine/probe.ts';
import { readCa } from '../../../../src/probes/jaco/control/cluster-ca.ts';
import { clusterStatus } from '../../../../src/probes/jaco/control/cluster-status.ts';
import type { ClusterStatus } from '../../../../src/probes/jaco/control/status-fact.ts';
import { NO_RAFT_LINES } from '../../../../src/probes/jaco/journal/raft-lines.ts';
import { lastRemoval } from '../../../../src/probes/jaco/raft/last-removal.ts';
import type { LocalNode } from '../../../../src/probes/jaco/raft/local-node.ts';
import { type PeerStatuses, peerStatuses } from '../../../../src/probes/jaco/raft/peer-status.ts';
import { targetsOf } from '../../../../src/probes/jaco/raft/peer-targets.ts';
import { type StableStatus, stableStatus } from '../../../../src/probes/jaco/raft/stable-status.ts';
import { hostOf } from '../../../checks/jaco/scenes/raft-scene.ts';

let cluster: Cluster | undefined;

/** Starts the cluster for a test, and closes it after the test. */
export async function start(nodes = 3): Promise<Cluster> {
  cluster = await startCluster({ nodes });
  return cluster;
}
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

async function collect<T>(probe: Probe, facts: object, caCert: string | null = null): Promise<T> {
  const io = { settings: { socket: null, config: null, caCert, sinceMs: 0 }, phase: () => {} };
  const result: Result = await probe.collect(io as never, facts as never, new AbortController().signal);
  if (result.kind !== 'value') throw new Error(JSON.stringify(result));
  return result.value as T;
}

/** The host facts of a stand-in's node. */
function hostFacts(node: DemoNode, status: ClusterStatus): LocalNode {
  const names = (folder: string): string[] => {
    try {
      return readdirSync(join(node.dataDir, folder));
    } catch {
      return [];
    }
  };
  const joinFile = names('node').includes('join.json')
    ? (JSON.parse(readFileSync(join(node.dataDir, 'node/join.json'), 'utf8')) as { peer_addrs: string[] })
    : null;
  return hostOf(node.hostname, status, {
    raftState: names('raft').includes('log.db') ? 'present' : 'absent',
    certificates: names('node').flatMap((name) =>
      name.endsWith('.crt') && name !== 'ca.crt' ? [name.slice(0, -4)] : [],
    ),
    joinPeers: joinFile?.peer_addrs ?? null,
    caPath: node.caPath,
    raftAddress: node.raftAddress,
    grpcAddress: node.grpcAddress,
    grpcPort: Number(node.grpcAddress.split(':').at(-1)),
  });
}

/** Runs the probes of group 2 against a stand-in's node. */
export async function probed(node: DemoNode) {
  const endpoint = { kind: 'socket', path: node.socketPath };
  const servers = { kind: 'not-applicable', reason: '' } as const;
  const ca = await readCa(node.caPath, null);
  const status = await collect<ClusterStatus>(clusterStatus, { endpoint, servers });
  const settled = await collect<StableStatus>(stableStatus, { cluster: status, endpoint });
  const host = hostFacts(node, status);
  const targets = targetsOf(settled.last, host, NO_RAFT_LINES);
  const peers = await collect<PeerStatuses>(peerStatuses, { targets, settled, host, endpoint, ca, servers });
  const signal = new AbortController().signal;
  const removal = (await lastRemoval.collect(
    { phase: () => {} } as never,
    { settled, endpoint } as never,
    signal,
  )) as Outcome;
  return { status, settled, host, peers, removal };
}
