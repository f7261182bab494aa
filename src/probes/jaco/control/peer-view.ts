import { clean } from '../../../engine/text.ts';
import type { ThinStatus } from '../../../wire/decode-thin-status.ts';
import type { CallFailure } from '../../io/grpc/grpc.ts';
import {
  byHostname,
  type ClusterStatus,
  MAX_MEMBERS,
  type Member,
  memberFact,
  type Suffrage,
  suffragesOf,
} from './status-fact.ts';
import { type Mismatch, mismatches } from './view-mismatch.ts';

/** The judged part of a peer's Status: 64 complete lists would be a large fact. */
export type PeerView = {
  readonly initialized: boolean;
  readonly leader: string;
  readonly raftIndex: string;
  readonly members: number;
  /** The peer's entry with this host's name; null if it lists none. */
  readonly self: Member | null;
  /** The name that it lists for this host's raft address. */
  readonly nameHere: string | null;
  /** Only a leader shows these. */
  readonly suffrages: readonly Suffrage[];
  readonly mismatches: readonly Mismatch[];
};

/** The answer of one peer. */
export type PeerAnswer =
  | {
      readonly kind: 'status';
      readonly view: PeerView;
      /** Whether TLS was verified with the cluster's CA. */
      readonly verified: boolean;
    }
  | ({ readonly kind: 'failure' } & CallFailure);

/** The judged part of another node's Status, for the host `hostname`. */
export function viewOf(status: ClusterStatus, hostname: string, raftAddress: string | null): PeerView {
  const { initialized, leader, raftIndex, nodes, suffrages, omitted } = status;
  return {
    initialized,
    leader,
    raftIndex,
    members: nodes.length + omitted,
    self: nodes.find((node) => node.hostname === hostname) ?? null,
    nameHere: nodes.find((node) => node.address === raftAddress)?.hostname ?? null,
    suffrages,
    mismatches: mismatches(status),
  };
}

/** The same for an answer of which only the judged part was decoded. */
export function thinViewOf(status: ThinStatus, hostname: string, raftAddress: string | null): PeerView {
  const suffrages = suffragesOf(status.suffrages);
  const nodes = status.nodes.map(memberFact);
  // Only a leader shows servers to compare with, so the names in a follower's list are not processed.
  const listed =
    suffrages.length === 0 ? [] : status.hostnames.map((name) => ({ hostname: clean(name, 253) })).sort(byHostname);
  const omitted = Math.max(0, status.hostnames.length - MAX_MEMBERS);
  return {
    initialized: status.initialized,
    leader: clean(status.leader, 260),
    raftIndex: clean(status.raftIndex, 20),
    members: status.hostnames.length,
    self: nodes.find((node) => node.hostname === hostname) ?? null,
    nameHere: nodes.find((node) => node.address === raftAddress)?.hostname ?? null,
    suffrages,
    mismatches: mismatches({ nodes: listed, suffrages, omitted }),
  };
}
