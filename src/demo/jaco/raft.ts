import type { ClusterStatusResponse, Node } from '../../wire/jaco.ts';
import { HEARTBEAT_MS, type Member, toNode, toSuffrage, voterTarget } from './members.ts';

/** What a node without a leader goes on showing: the list and the log index as they last were. */
export type Snapshot = { readonly nodes: readonly Node[]; readonly index: string };

/** What one daemon knows of the cluster (docs/jaco-daemon/raft.md#cluster-status). */
export type View =
  /** follows the cluster, or leads it */
  | { readonly kind: 'member' }
  /** hears from nobody: cut off, or removed and still running */
  | { readonly kind: 'cut'; readonly last: Snapshot }
  /** restarted without a leader: the log is there, the state is not (docs/jaco-daemon/raft.md#no-quorum) */
  | { readonly kind: 'empty'; readonly index: string }
  /** joined under a hostname that was taken (docs/jaco-daemon/raft.md#duplicate-hostname) */
  | { readonly kind: 'newcomer' }
  | { readonly kind: 'uninitialized' };

const FIRST_INDEX = 4_045;

/** The state that the stand-in's nodes agree on: members, leader, log index. Elections are instant and deterministic. */
export class Raft {
  readonly members = new Map<string, Member>();
  /** Hostname of the leader, or null while there is none. */
  leader: string | null = null;
  /** Nobody is elected while this holds. */
  electing = false;
  /** What the leader is called instead of its listed address, after its cluster_addr changed. */
  leaderAddress: string | null = null;
  /** Entries a second that something writes beyond what an idle cluster does. */
  extraEntriesPerSecond = 0;
  readonly #startedAt = Date.now();
  #frozen: Snapshot | null = null;
  #rotation = 0;

  /** Members whose raft can answer, and those that may stand for election. */
  readonly #isAlive: (hostname: string) => boolean;
  readonly #canLead: (hostname: string) => boolean;

  constructor(isAlive: (hostname: string) => boolean, canLead: (hostname: string) => boolean) {
    this.#isAlive = isAlive;
    this.#canLead = canLead;
  }

  /** Gives the vote to as many of raft's servers as the policy wants, in the order of their joining. */
  promote(): void {
    const servers = [...this.members.values()].filter((member) => member.suffrage !== null);
    const target = voterTarget(servers.length);
    servers.forEach((member, i) => {
      member.suffrage = i < target ? 'voter' : 'nonvoter';
    });
  }

  /** Keeps the leader if it may stay, else finds another, else loses leadership and freezes what is shown. */
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

  /** The member list and index as a node without leader would go on showing them from now on. */
  snapshot(): Snapshot {
    if (this.#frozen !== null) return this.#frozen;
    const now = Date.now();
    return { nodes: [...this.members.values()].map((member) => toNode(member, now)), index: this.#index(now) };
  }

  /** Forgets what was frozen, so that a change made without a leader shows. */
  refreeze(): void {
    this.#frozen = null;
    this.#frozen = this.snapshot();
  }

  /** Cluster.Status as this member's daemon gives it; null is a daemon that raft does not list under its name. */
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

  /** One entry for each member and interval, as an idle cluster's log grows. */
  #index(now: number): string {
    const sinceMs = now - this.#startedAt;
    const extraEntries = Math.floor((sinceMs / 1000) * this.extraEntriesPerSecond);
    return String(FIRST_INDEX + Math.floor(sinceMs / HEARTBEAT_MS) * this.members.size + extraEntries);
  }

  /** The real list comes out of a map and is in another order each time. */
  #shuffled(nodes: readonly Node[]): Node[] {
    const from = nodes.length === 0 ? 0 : this.#rotation++ % nodes.length;
    return [...nodes.slice(from), ...nodes.slice(0, from)];
  }
}

function clusterStatus(fields: Partial<ClusterStatusResponse>): ClusterStatusResponse {
  return { nodes: [], leader: '', raftIndex: '0', initialized: false, suffrages: [], ...fields };
}
