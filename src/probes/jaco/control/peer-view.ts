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

/** What a peer's Status shows, as far as it is judged: 64 whole lists would be a large fact. */
export type PeerView = {
  readonly initialized: boolean;
  readonly leader: string;
  readonly raftIndex: string;
  readonly members: number;
  /** The peer's entry of this host's name; null where it lists none. */
  readonly self: Member | null;
  /** The name it lists at this host's raft address. */
  readonly nameHere: string | null;
  /** Only a leader shows these. */
  readonly suffrages: readonly Suffrage[];
  readonly mismatches: readonly Mismatch[];
};

/** What one peer gave. */
export type PeerAnswer =
  | {
      readonly kind: 'status';
      readonly view: PeerView /** Whether TLS was verified with the cluster's CA. */;
      readonly verified: boolean;
    }
  | ({ readonly kind: 'failure' } & CallFailure);

/** What of a Status is judged of another node, seen from the one called `hostname`. */
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

/** The same of an answer that was decoded only as far as it is judged. */
export function thinViewOf(status: ThinStatus, hostname: string, raftAddress: string | null): PeerView {
  const suffrages = suffragesOf(status.suffrages);
  const nodes = status.nodes.map(memberFact);
  // Only a leader shows servers to compare with: the names of a follower's list are not worked on.
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
