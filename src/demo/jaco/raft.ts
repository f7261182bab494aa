import type { ClusterStatusResponse, Node } from '../../wire/jaco.ts';
import { HEARTBEAT_MS, type Member, toNode, toSuffrage, voterTarget } from './members.ts';

/** The last member list and log index, which a node without a leader continues to show. */
export type Snapshot = { readonly nodes: readonly Node[]; readonly index: string };

/** The cluster as one daemon sees it (docs/jaco-daemon/raft.md#cluster-status). */
export type View =
  /** It is the leader or a follower. */
  | { readonly kind: 'member' }
  /** Receives nothing: partitioned, or removed and still running. */
  | { readonly kind: 'cut'; readonly last: Snapshot }
  /** Restarted without a leader: the log exists, but the state is not loaded (docs/jaco-daemon/raft.md#no-quorum) */
  | { readonly kind: 'empty'; readonly index: string }
  /** Joined under a hostname that was in use (docs/jaco-daemon/raft.md#duplicate-hostname) */
  | { readonly kind: 'newcomer' }
  | { readonly kind: 'uninitialized' };

const FIRST_INDEX = 4_045;

/** The shared state of the stand-in nodes: members, leader, log index. Elections are instant and deterministic. */
export class Raft {
  readonly members = new Map<string, Member>();
  /** Hostname of the leader, or null while there is none. */
  leader: string | null = null;
  /** While true, no leader is elected. */
  electing = false;
  /** The address of the leader after a change of its cluster_addr; null while the listed address is right. */
  leaderAddress: string | null = null;
  /** Log entries per second in addition to those of an idle cluster. */
  extraEntriesPerSecond = 0;
  readonly #startedAt = Date.now();
  #frozen: Snapshot | null = null;
  #rotation = 0;

  /** Members whose raft can answer, and those that may be elected. */
  readonly #isAlive: (hostname: string) => boolean;
  readonly #canLead: (hostname: string) => boolean;

  constructor(isAlive: (hostname: string) => boolean, canLead: (hostname: string) => boolean) {
    this.#isAlive = isAlive;
    this.#canLead = canLead;
  }

  /** Makes as many raft servers voters as the policy requires, in the order in which they joined. */
  promote(): void {
    const servers = [...this.members.values()].filter((member) => member.suffrage !== null);
    const target = voterTarget(servers.length);
    servers.forEach((member, i) => {
      member.suffrage = i < target ? 'voter' : 'nonvoter';
    });
  }

  /**
   * Keeps the leader if it is eligible, else elects another one. If none is eligible, it clears the leader and freezes
   * the shown state.
   */
  elect(): void {
    const voters = [...this.members.values()].filter((member) => member.suffrage === 'voter');
    const live = voters.filter((member) => this.#isAlive(member.hostname));
    const eligible = live.filter((member) => this.#canLead(member.hostname)).map((member) => member.hostname);
    const quorum = live.length >= Math.floor(voters.length / 2) + 1;
    if (this.electing || !quorum || eligible.length === 0) {
      this.#frozen ??= this.snapshot();
      this.leader = null;
      return;
    }
    this.#frozen = null;
    if (this.leader === null || !eligible.includes(this.leader)) this.leader = eligible[0] ?? null;
  }

  /** The member list and index that a node without a leader continues to show. */
  snapshot(): Snapshot {
    if (this.#frozen !== null) return this.#frozen;
    const now = Date.now();
    return { nodes: [...this.members.values()].map((member) => toNode(member, now)), index: this.#index(now) };
  }

  /** Freezes the current state, so that a change without a leader is shown. */
  refreeze(): void {
    this.#frozen = null;
    this.#frozen = this.snapshot();
  }

  /**
   * Cluster.Status of the daemon of a member; `hostname` is null for a daemon that raft does not list under its name.
   */
  status(view: View, hostname: string | null): ClusterStatusResponse {
    switch (view.kind) {
      case 'uninitialized':
        return clusterStatus({});
      case 'empty':
        return clusterStatus({ initialized: true, raftIndex: view.index });
      case 'newcomer':
        return clusterStatus({ initialized: true, leader: this.#leaderAddress() });
      case 'cut':
        return clusterStatus({ initialized: true, nodes: this.#shuffled(view.last.nodes), raftIndex: view.last.index });
      case 'member': {
        const { nodes, index } = this.snapshot();
        const suffrages = this.leader !== null && this.leader === hostname ? this.suffrages() : [];
        const leader = this.#leaderAddress();
        return clusterStatus({ initialized: true, leader, nodes: this.#shuffled(nodes), raftIndex: index, suffrages });
      }
    }
  }

  suffrages() {
    return [...this.members.values()].map(toSuffrage).filter((suffrage) => suffrage !== null);
  }

  #leaderAddress(): string {
    if (this.leader === null) return '';
    return this.leaderAddress ?? this.members.get(this.leader)?.address ?? '';
  }

  /** One entry for each member and interval, like the log of an idle cluster. */
  #index(now: number): string {
    const sinceMs = now - this.#startedAt;
    const extraEntries = Math.floor((sinceMs / 1000) * this.extraEntriesPerSecond);
    return String(FIRST_INDEX + Math.floor(sinceMs / HEARTBEAT_MS) * this.members.size + extraEntries);
  }

  /** The real list comes from a map, so its order changes each time. */
  #shuffled(nodes: readonly Node[]): Node[] {
    const from = nodes.length === 0 ? 0 : this.#rotation++ % nodes.length;
    return [...nodes.slice(from), ...nodes.slice(0, from)];
  }
}

function clusterStatus(fields: Partial<ClusterStatusResponse>): ClusterStatusResponse {
  return { nodes: [], leader: '', raftIndex: '0', initialized: false, suffrages: [], ...fields };
}
