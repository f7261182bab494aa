import { factOf, type Outcome } from '../../../src/engine/outcome.ts';
import { livenessOf, peerName } from '../../../src/probes/jaco/raft/peer-answer.ts';
import type { PeerStatuses } from '../../../src/probes/jaco/raft/peer-status.ts';
import type { StableStatus } from '../../../src/probes/jaco/raft/stable-status.ts';
import type { Deployments } from '../../../src/probes/jaco/runtime/deployments.ts';
import type { Replicas } from '../../../src/probes/jaco/runtime/replicas.ts';

/** A change that was applied less than this time ago, in ms, may still be rolled out. */
const ROLLOUT_MS = 120_000;

/** Why no node must be upgraded now. Null if a leader is known, every member answers and no rollout is seen. */
export function upgradeBlocker(
  facts: {
    readonly cluster: Outcome<StableStatus>;
    readonly peers: Outcome<PeerStatuses>;
    readonly deployments: Outcome<Deployments>;
    readonly replicas: Outcome<Replicas>;
  },
  now: number,
): string | null {
  const status = factOf(facts.cluster)?.last ?? null;
  if (status === null) return 'the state of the cluster is not known';
  if (!status.initialized || status.leader === '') return 'this node knows no leader';
  const peers = factOf(facts.peers)?.peers ?? null;
  if (peers === null) return 'it is not known whether the other members answer';
  const silent = peers.find((peer) => livenessOf(peer) !== 'answers');
  if (silent !== undefined) return `${peerName(silent)} does not answer`;
  const stored = factOf(facts.deployments)?.list ?? null;
  const rows = factOf(facts.replicas)?.rows ?? null;
  if (stored === null || rows === null) return 'it is not known whether a rollout is running';
  const updating = rows.find(({ state }) => state === 'updating' || state === 'pulling');
  if (updating !== undefined) return `a rollout of ${updating.deployment} is running`;
  const young = stored.find(({ updatedAtMs }) => updatedAtMs !== null && now - updatedAtMs < ROLLOUT_MS);
  return young === undefined ? null : `${young.name} was applied less than 2 min ago`;
}
