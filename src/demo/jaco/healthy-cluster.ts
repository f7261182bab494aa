import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { AuditEventType } from '../../wire/jaco.ts';
import { closeOnSignal } from '../close-on-signal.ts';
import { makeRoot } from './files.ts';
import type { ReceivedCall } from './healthy-node.ts';
import { type ManyMembers, startManyMembers } from './many-members.ts';
import { lastBeat, type Member, newMember } from './members.ts';
import { DemoNode } from './node.ts';
import { Raft } from './raft.ts';
import { addAuditEvent, emptyState, type ReplicatedState } from './replicated-state.ts';

/** Identifies the stand-in cluster, as `cluster_id` does a real one. */
export const CLUSTER_ID = 'dc67288a-0000-4000-8000-7ee895e76031';

const HOUR = 3_600_000;

/**
 * A healthy cluster: daemons, members, tokens and their files, from start to close. Nodes count from 1; demo-1 is the
 * first leader. Its faults are in cluster.ts.
 */
export class HealthyCluster {
  /** The replicated state besides members. */
  readonly content: ReplicatedState = emptyState();
  /** Every call that reached a node, in order. */
  readonly calls: ReceivedCall[] = [];
  readonly raft: Raft;
  /** Directory of all nodes' files; removed on close. */
  readonly root = makeRoot();
  readonly #proxyPorts: { readonly http: number; readonly https: number };
  /** Daemons that joined under the hostname of another. */
  protected readonly newcomers: DemoNode[] = [];
  protected readonly timers = new Set<NodeJS.Timeout>();
  readonly #nodes: DemoNode[] = [];
  /** Members whose heartbeat stopped because their daemon did. */
  readonly #silenced = new Set<string>();
  readonly #unregister: () => void;
  readonly #closing: (() => Promise<void>)[] = [];
  #manyMembers: ManyMembers | null = null;
  #ready = false;
  #closed = false;

  /** `proxyPorts` are those of every node's proxy, at the node's address; 0 means any free port. */
  constructor(proxyPorts: { readonly http: number; readonly https: number }) {
    this.#proxyPorts = proxyPorts;
    this.#unregister = closeOnSignal(() => rmSync(this.root, { recursive: true, force: true }));
    const findNode = (name: string) => this.#nodes.find((node) => node.memberName === name);
    const isAlive = (name: string) => {
      if (this.newcomers.some((node) => node.memberName === name)) return true;
      const node = findNode(name);
      return node === undefined || (node.state === 'up' && node.view.kind === 'member');
    };
    // A host with another name than in raft follows, but is never elected (docs/jaco-daemon/raft.md#renamed-host).
    const canLead = (name: string) => (findNode(name)?.hostname ?? name) === name;
    this.raft = new Raft(isAlive, canLead);
  }

  /** Starts the daemons and lets them join; 1 to 5. */
  async fill(count: number): Promise<void> {
    if (!Number.isInteger(count) || count < 1 || count > 5) throw new RangeError(`1 to 5 nodes, not ${count}`);
    const createdAt = Date.now() - 72 * HOUR;
    for (let i = 1; i <= count; i++) {
      const node = await this.startNode(`demo-${i}`, i, `demo-${i}`);
      this.#nodes.push(node);
      const joined = i === 1 ? null : { clusterId: CLUSTER_ID, peers: [this.node(1).grpcAddress] };
      node.initialize(joined);
      const joinedAt = createdAt + (i - 1) * 60_000;
      this.raft.members.set(node.memberName, newMember(node.memberName, node.raftAddress, node.grpcAddress, joinedAt));
      const payload: Record<string, string> = i === 1 ? { cluster_id: CLUSTER_ID } : { hostname: node.memberName };
      const identity = i === 1 ? 'bootstrap' : `join_token:${tokenOf(node.memberName).slice(0, 8)}`;
      addAuditEvent(this.content, { type: AuditEventType.NODE_JOIN, identity, at: joinedAt, payload });
    }
    this.issueToken('bootstrap');
    this.raft.promote();
    this.#ready = true;
    this.raft.elect();
  }

  /** The node demo-`i`. */
  node(i: number): DemoNode {
    const node = this.#nodes[i - 1];
    if (node === undefined) throw new RangeError(`no node ${i}`);
    return node;
  }

  get nodes(): readonly DemoNode[] {
    return this.#nodes;
  }

  /** The operator token of the bootstrap identity. */
  get token(): string {
    return tokenOf('bootstrap');
  }

  /** Adds an operator token and returns it. */
  issueToken(identity: string, options: { revoked?: boolean; allowsPrivileged?: boolean } = {}): string {
    const token = tokenOf(identity);
    const revokedAt = options.revoked ? Date.now() : null;
    const allowsPrivileged = options.allowsPrivileged ?? false;
    this.content.tokens.push({ identity, token, issuedAt: Date.now() - HOUR, revokedAt, allowsPrivileged });
    return token;
  }

  /** Adds members until `total` are listed. Each added one is a follower with a TLS port only. */
  async scale(total: number): Promise<void> {
    await this.#manyMembers?.close();
    for (const member of this.#manyMembers?.members ?? []) this.raft.members.delete(member.hostname);
    const host = await usableLoopback('127.81.0.6');
    this.#manyMembers = await startManyMembers(this.raft, this.content, this.#nodes.length + 1, total, host);
    for (const member of this.#manyMembers.members) this.raft.members.set(member.hostname, member);
    this.raft.promote();
    this.raft.elect();
  }

  /** Registers something to stop together with the cluster. */
  onClose(stop: () => Promise<void>): void {
    this.#closing.push(stop);
  }

  /** Stops everything and removes all files; safe to call twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    await Promise.allSettled(
      [...this.#nodes, ...this.newcomers, ...(this.#manyMembers ? [this.#manyMembers] : [])].map((it) => it.close()),
    );
    await Promise.allSettled(this.#closing.map((stop) => stop()));
    rmSync(this.root, { recursive: true, force: true });
    this.#unregister();
  }

  /** Starts a daemon at the loopback address of this number. */
  protected async startNode(hostname: string, number: number, directory: string): Promise<DemoNode> {
    const node = new DemoNode(hostname, directory, {
      root: this.root,
      ip: await usableLoopback(`127.81.0.${number}`),
      content: this.content,
      proxyPorts: this.#proxyPorts,
      status: (view, name) => this.raft.status(view, name),
      proxies: () => Object.fromEntries(this.#nodes.map(({ memberName, proxy }) => [memberName, proxy.ports])),
      onChange: () => this.#changed(),
      onCall: (call) => this.calls.push(call),
    });
    await node.start();
    return node;
  }

  /** Stops the heartbeat of a member at its current value. */
  protected freezeHeartbeat(name: string): void {
    const member = this.raft.members.get(name);
    if (member?.heartbeat.kind !== 'beating') return;
    const at = lastBeat(member, Date.now());
    member.heartbeat = at === null ? { kind: 'never' } : { kind: 'stopped', at };
  }

  /** The entry of demo-`i` in the member list. */
  protected member(i: number): Member {
    const member = this.raft.members.get(this.node(i).memberName);
    if (member === undefined) throw new RangeError(`node ${i} is not a member`);
    return member;
  }

  #changed(): void {
    if (!this.#ready || this.#closed) return;
    for (const { state, memberName } of this.#nodes) {
      const member = this.raft.members.get(memberName);
      if (member === undefined) continue;
      if (state !== 'up' && member.heartbeat.kind === 'beating') {
        this.freezeHeartbeat(memberName);
        this.#silenced.add(memberName);
      } else if (state === 'up' && this.#silenced.delete(memberName)) {
        member.heartbeat = { kind: 'beating', skewMs: 0 };
      }
    }
    this.raft.elect();
  }
}

/** 64 hex characters, like a token. The value is always the same and not secret. */
function tokenOf(identity: string): string {
  return createHash('sha256').update(`stand-in token of ${identity}`).digest('hex');
}

/**
 * `ip` if this host answers on it, else 127.0.0.1. Linux answers on all of 127/8. Elsewhere the nodes differ only in
 * their port, which the test certificates allow.
 */
function usableLoopback(ip: string): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve('127.0.0.1'));
    server.listen({ host: ip, port: 0 }, () => server.close(() => resolve(ip)));
  });
}
