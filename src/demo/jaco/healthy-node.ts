import { isOlder } from '../../probes/jaco/release/release.ts';
import type { ClusterStatusResponse } from '../../wire/jaco.ts';
import type { KeyPair } from '../key-pair.ts';
import {
  bootstrapCertificate,
  clusterCa,
  foreignCertificate,
  movedCertificate,
  nodeCertificates,
} from './certificates.ts';
import { answerCall } from './daemon.ts';
import { DemoDocker } from './docker.ts';
import { type NodeFiles, nodeFiles, writeConfig, writeData } from './files.ts';
import { type GrpcServer, grpcServer } from './grpc-server.ts';
import { DemoJournal } from './journal.ts';
import { NodeListeners } from './node-listeners.ts';
import { DemoProxy } from './proxy.ts';
import type { View } from './raft.ts';
import { emptyState, type ReplicatedState } from './replicated-state.ts';

/** The certificate of the TLS port. `moved` and `foreign` exist for demo-1 only. */
export type Certificate = 'cluster' | 'bootstrap' | 'moved' | 'foreign';

/** One call that reached a node, for tests. */
export type ReceivedCall = { readonly hostname: string; readonly path: string; readonly over: 'socket' | 'tcp' };

/** What a node needs from its cluster. */
export type NodeContext = {
  /** Directory of all nodes' files. */
  readonly root: string;
  readonly ip: string;
  readonly content: ReplicatedState;
  status(view: View, memberName: string | null): ClusterStatusResponse;
  /** The ports of its own proxy; 0 means any free port. */
  readonly proxyPorts: { readonly http: number; readonly https: number };
  /** The ports of every node's proxy, by hostname. */
  proxies(): { readonly [hostname: string]: DemoProxy['ports'] };
  /** Called when something changes that affects an election. */
  onChange(): void;
  onCall(call: ReceivedCall): void;
};

/**
 * One stand-in daemon: a control socket, a TLS port, a raft port, a configuration and a data directory. Its faults are
 * in node.ts.
 */
export class HealthyNode {
  /** The current name of this host. */
  hostname: string;
  /** Its name in the member list, which a rename of the host does not change. */
  readonly memberName: string;
  readonly files: NodeFiles;
  /** The engine of this host. */
  readonly docker: DemoDocker;
  /** The proxy of this host. */
  readonly proxy: DemoProxy;
  /** The journal of this host. */
  readonly journal: DemoJournal;
  view: View = { kind: 'member' };
  state: 'up' | 'down' | 'frozen' = 'down';
  /** When its daemon started, ms since the epoch. */
  startedAtMs = Date.now();
  certificate: Certificate = 'cluster';
  /** The release that its daemon simulates. */
  release = 'v0.3.9';
  protected listeners!: NodeListeners;
  protected readonly context: NodeContext;
  #override: Partial<ClusterStatusResponse> = {};
  #thawed: Array<() => void> = [];
  readonly #servers: { socket: GrpcServer; tcp: GrpcServer };

  /** A daemon named `hostname` that does not listen yet; `directory` distinguishes two of the same name. */
  constructor(hostname: string, directory: string, context: NodeContext) {
    this.hostname = hostname;
    this.memberName = hostname;
    this.context = context;
    this.files = nodeFiles(context.root, directory);
    this.docker = new DemoDocker(this.files.dockerPath);
    this.proxy = new DemoProxy(context.ip, context.content, context.proxyPorts);
    this.journal = new DemoJournal(this.files.journalPath);
    this.#servers = { socket: this.#server('socket'), tcp: this.#server('tcp') };
  }

  /** The ports of the proxies of all nodes, by hostname. */
  get proxies(): { readonly [hostname: string]: DemoProxy['ports'] } {
    return this.context.proxies();
  }

  /** Path of the control socket */
  get socketPath(): string {
    return this.files.socketPath;
  }
  /** Path of jacod.yaml */
  get configPath(): string {
    return this.files.configPath;
  }
  get dataDir(): string {
    return this.files.dataDir;
  }
  /** Path of the cluster CA */
  get caPath(): string {
    return this.files.caPath;
  }
  /** `ip:port` of the TLS port */
  get grpcAddress(): string {
    return this.listeners.tcp.address;
  }
  /** `ip:port` of the raft port */
  get raftAddress(): string {
    return this.listeners.raft.address;
  }

  /** Listens on free ports and writes jacod.yaml. */
  async start(): Promise<void> {
    this.listeners = await NodeListeners.open(this.files.socketPath, this.context.ip, {
      socket: (connection) => this.#servers.socket.servePlain(connection),
      tcp: (connection) => this.#servers.tcp.serveTls(connection, this.#keyPair()),
    });
    writeConfig(this.files, this.grpcAddress, this.raftAddress);
    await this.docker.start();
    this.state = 'up';
  }

  /** Writes the files of init or join; `joined` is null on the node that created the cluster. */
  initialize(joined: { clusterId: string; peers: readonly string[] } | null): void {
    const certificate = nodeCertificates[this.hostname];
    if (certificate === undefined) throw new RangeError(`no test certificate for ${this.hostname}`);
    const { hostname, raftAddress: advertise } = this;
    const join = joined && { cluster_id: joined.clusterId, peer_addrs: joined.peers, hostname, advertise };
    writeData(this.files, { hostname, certificate, ca: clusterCa, join });
  }

  /** Cluster.Status as this daemon would answer now. */
  status(): ClusterStatusResponse {
    const name = this.hostname === this.memberName ? this.memberName : null;
    const status = { ...this.context.status(this.view, name), ...this.#override };
    // docs/jaco-daemon/releases.md#version-window
    return isOlder(this.release, 'v0.2.1') ? { ...status, suffrages: [] } : status;
  }

  /** Overrides single fields of Cluster.Status on this node. */
  setStatus(partial: Partial<ClusterStatusResponse>): void {
    this.#override = { ...this.#override, ...partial };
  }

  /** Stops the node and frees everything except its files. */
  async close(): Promise<void> {
    this.resume('down');
    await this.docker.close();
    await this.proxy.close();
    await this.listeners?.close(false); // Absent if a port could not be opened.
    this.#servers.socket.close();
    this.#servers.tcp.close();
  }

  /** Continues after a freeze, or ends the calls that wait because of it. */
  protected resume(state: 'up' | 'down'): void {
    this.state = state;
    for (const resolve of this.#thawed.splice(0)) resolve();
    this.context.onChange();
  }

  #server(transport: 'socket' | 'tcp'): GrpcServer {
    return grpcServer(async (call) => {
      if (this.state === 'frozen') await new Promise<void>((resolve) => this.#thawed.push(resolve));
      this.context.onCall({ hostname: this.hostname, path: call.path, over: transport });
      const stateless = this.view.kind === 'empty' || this.view.kind === 'newcomer';
      const content = stateless ? emptyState() : this.context.content;
      return answerCall({ status: this.status(), content, release: this.release }, call, transport);
    });
  }

  #keyPair(): KeyPair {
    const cluster = nodeCertificates[this.memberName] ?? bootstrapCertificate;
    const pairs = { cluster, bootstrap: bootstrapCertificate, moved: movedCertificate, foreign: foreignCertificate };
    return pairs[this.certificate];
  }
}
