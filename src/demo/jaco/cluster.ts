import { AuditEventType } from '../../wire/jaco.ts';
import { CLUSTER_ID, HealthyCluster } from './healthy-cluster.ts';
import type { DemoNode } from './node.ts';
import type { View } from './raft.ts';
import { addAuditEvent } from './replicated-state.ts';

/** The options of a cluster. */
export type ClusterOptions = {
  /** Real daemons, 1 to 5; 3 by default. */
  readonly nodes?: number;
  /** Ports of every node's proxy for HTTP and HTTPS, at the node's address; by default any free ones. */
  readonly proxyPorts?: { readonly http: number; readonly https: number };
};

/**
 * A small cluster in this process that speaks JACO's control protocol over real sockets and real TLS. Its methods
 * create faults between nodes; a node has the methods for its own faults.
 */
export class Cluster extends HealthyCluster {
  /** Kills nodes, the last one first, until no leader is possible. demo-1 keeps running. */
  async loseQuorum(): Promise<void> {
    for (let i = this.nodes.length; i > 1 && this.raft.leader !== null; i--) await this.node(i).kill();
  }

  /** No member leads for `ms`, or at all if Infinity; all members keep answering. */
  election(ms: number): void {
    const before = this.raft.leader;
    this.raft.electing = true;
    this.raft.elect();
    if (!Number.isFinite(ms)) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.raft.electing = false;
      this.raft.leader = this.nodes.find((node) => node.memberName !== before)?.memberName ?? before;
      this.raft.elect();
    }, ms);
    this.timers.add(timer);
  }

  /** Partitions a node from the raft of its peers; its ports still answer. */
  partition(i: number): void {
    const node = this.node(i);
    this.freezeHeartbeat(node.memberName);
    node.view = { kind: 'cut', last: this.raft.snapshot() };
    this.raft.elect();
  }

  /** Ends a partition. */
  heal(i: number): void {
    this.node(i).view = { kind: 'member' };
    this.member(i).heartbeat = { kind: 'beating', skewMs: 0 };
    this.raft.elect();
  }

  /** Removes a member whose daemon continues to run and is not told. */
  removeMember(i: number): void {
    this.partition(i);
    this.raft.members.delete(this.node(i).memberName);
    this.#auditRemoval(i);
    this.raft.promote();
    this.raft.elect();
  }

  /**
   * A leader removed itself by name: raft no longer has it, but the member list does
   * (docs/jaco-daemon/raft.md#leader-removal). The cluster then has one voter fewer than it lists members.
   */
  leaderRemovesItself(): void {
    const i = this.nodes.findIndex((node) => node.memberName === this.raft.leader) + 1;
    const view: View = { kind: 'cut', last: this.raft.snapshot() };
    this.member(i).suffrage = null;
    this.freezeHeartbeat(this.node(i).memberName);
    this.node(i).view = view;
    this.raft.promote();
    this.raft.elect();
  }

  /**
   * A dead member was removed by name although the others needed its vote: the remaining voters of raft's list cannot
   * elect a leader, while every listed member answers (docs/jaco-daemon/raft.md#dead-voter-removal).
   */
  async removeDeadMember(i: number): Promise<void> {
    await this.node(i).kill();
    this.raft.members.delete(this.node(i).memberName);
    this.#auditRemoval(i);
    this.raft.electing = true;
    this.raft.elect();
    this.raft.refreeze();
  }

  /**
   * A second host joins under demo-`i`'s name and takes over its addresses in the member list
   * (docs/jaco-daemon/raft.md#duplicate-hostname).
   */
  async takeOverName(i: number): Promise<DemoNode> {
    const victim = this.node(i);
    const newcomer = await this.startNode(victim.memberName, this.nodes.length + this.newcomers.length + 1, 'newcomer');
    newcomer.view = { kind: 'newcomer' };
    newcomer.initialize({ clusterId: CLUSTER_ID, peers: [this.node(1).grpcAddress] });
    this.newcomers.push(newcomer);
    const { address, grpcAddress } = { address: newcomer.raftAddress, grpcAddress: newcomer.grpcAddress };
    Object.assign(this.member(i), { address, grpcAddress, joinedAt: Date.now() - 60_000, wireguard: Buffer.alloc(0) });
    this.raft.elect();
    return newcomer;
  }

  /** demo-2 claims to be the leader while demo-1 is. */
  splitLeader(): void {
    const other = this.node(2);
    other.setStatus({ leader: other.raftAddress, suffrages: this.raft.suffrages() });
  }

  /**
   * The leader has an address that no member has (docs/jaco-daemon/raft.md#cluster-status, cluster_addr changed after
   * init).
   */
  changeLeaderAddress(): void {
    const listedAddress = this.raft.members.get(this.raft.leader ?? '')?.address ?? '127.0.0.1:0';
    this.raft.leaderAddress = listedAddress.replace(/:.*/, ':7091');
  }

  /** Only the leader is a voter, although there are enough members for more voters. */
  stallPromotion(): void {
    for (const member of this.raft.members.values()) {
      member.suffrage = member.hostname === this.raft.leader ? 'voter' : 'nonvoter';
    }
  }

  /**
   * The host is renamed and its daemon restarted: it follows under a name that is not a member, with the bootstrap
   * certificate (docs/jaco-daemon/raft.md#renamed-host).
   */
  renameHost(i: number, name = `renamed-${i}`): void {
    const node = this.node(i);
    this.freezeHeartbeat(node.memberName);
    node.hostname = name;
    node.showCertificate('bootstrap');
    this.raft.elect();
    if (this.raft.leader === null) node.restartEmpty();
  }

  /** The last heartbeat of a member is this old, and no newer one comes. */
  stallHeartbeat(i: number, ageMs: number): void {
    this.member(i).heartbeat = { kind: 'stopped', at: Date.now() - ageMs };
  }

  /** A member has never sent a heartbeat, as without cgroup v2. */
  neverSendHeartbeat(i: number): void {
    this.member(i).heartbeat = { kind: 'never' };
  }

  /**
   * The clock of a member is off by `skewMs`; heartbeats carry the sender's time (docs/jaco-daemon/raft.md#heartbeats).
   */
  skewClock(i: number, skewMs: number): void {
    this.member(i).heartbeat = { kind: 'beating', skewMs };
  }

  #auditRemoval(i: number): void {
    const payload = { hostname: this.node(i).memberName };
    addAuditEvent(this.content, {
      type: AuditEventType.NODE_REMOVE,
      identity: 'local',
      at: Date.now() - 60_000,
      payload,
    });
  }
}

/** Starts a healthy stand-in cluster. The caller closes it. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = new Cluster(options.proxyPorts ?? { http: 0, https: 0 });
  try {
    await cluster.fill(options.nodes ?? 3);
  } catch (error) {
    await cluster.close();
    throw error;
  }
  return cluster;
}
