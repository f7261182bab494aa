import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterStatusResponse } from '../wire/jaco.ts';
import {
  bootstrapCertificate,
  clusterCa,
  type KeyPair,
  movedCertificate,
  nodeCertificates,
  strangerCertificate,
} from './certificates.ts';
import { type Content, noContent } from './content.ts';
import { answerCall } from './daemon.ts';
import { type NodeFiles, nodeFiles, wipeData, writeConfig, writeData } from './files.ts';
import { type GrpcServer, grpcServer } from './grpc-server.ts';
import { type Door, Doors } from './doors.ts';
import type { Manner } from './listener.ts';
import type { View } from './raft.ts';

/** Which certificate the TCP port serves. `moved` and `stranger` exist for demo-1 only. */
export type Certificate = 'cluster' | 'bootstrap' | 'moved' | 'stranger';

/** One call that reached a node, for tests that must know what was asked. */
export type SeenCall = { readonly hostname: string; readonly path: string; readonly over: 'socket' | 'tcp' };

/** What a node needs of its cluster. */
export type Surroundings = {
  readonly root: string;
  readonly ip: string;
  readonly content: Content;
  status(view: View, memberName: string | null): ClusterStatusResponse;
  /** Something changed that an election depends on. */
  changed(): void;
  seen(call: SeenCall): void;
};

/** One stand-in daemon: a unix socket, a TLS port, a raft port, a configuration and a data directory. */
export class DemoNode {
  /** What this host calls itself now. */
  hostname: string;
  /** Its name in the member list; stays what it was when the host is renamed. */
  readonly memberName: string;
  readonly ip: string;
  readonly files: NodeFiles;
  view: View = { kind: 'member' };
  state: 'up' | 'down' | 'frozen' = 'down';
  certificate: Certificate = 'cluster';
  #override: Partial<ClusterStatusResponse> = {};
  #doors!: Doors;
  readonly #around: Surroundings;
  readonly #servers: { socket: GrpcServer; tcp: GrpcServer };
  #thawed: Array<() => void> = [];

  private constructor(hostname: string, directory: string, around: Surroundings) {
    this.hostname = hostname;
    this.memberName = hostname;
    this.ip = around.ip;
    this.#around = around;
    this.files = nodeFiles(around.root, directory);
    this.#servers = { socket: this.#server('socket'), tcp: this.#server('tcp') };
  }

  /** Starts a daemon called `hostname`; `directory` tells two of one name apart. */
  static async start(hostname: string, directory: string, around: Surroundings): Promise<DemoNode> {
    const node = new DemoNode(hostname, directory, around);
    node.#doors = await Doors.open(node.files.socketPath, around.ip, {
      socket: (connection) => node.#servers.socket.servePlain(connection),
      tcp: (connection) => node.#servers.tcp.serveTls(connection, node.#keyPair()),
    });
    writeConfig(node.files, node.grpcAddress, node.raftAddress);
    node.state = 'up';
    return node;
  }

  get socketPath(): string {
    return this.files.socketPath;
  }
  get configPath(): string {
    return this.files.configPath;
  }
  get dataDir(): string {
    return this.files.dataDir;
  }
  get caPath(): string {
    return this.files.caPath;
  }
  /** `ip:port` of the TLS port */
  get grpcAddress(): string {
    return this.#doors.tcp.address;
  }
  /** `ip:port` of the raft port */
  get raftAddress(): string {
    return this.#doors.raft.address;
  }

  /** Cluster.Status as this daemon would answer it now. */
  status(): ClusterStatusResponse {
    const name = this.hostname === this.memberName ? this.memberName : null;
    return { ...this.#around.status(this.view, name), ...this.#override };
  }

  /** Changes single fields of what Cluster.Status says here, over everything else. */
  setStatus(partial: Partial<ClusterStatusResponse>): void {
    this.#override = { ...this.#override, ...partial };
  }

  /** Writes what init or join leaves on disk. */
  initialize(joined: { clusterId: string; peers: readonly string[] } | null): void {
    const certificate = nodeCertificates[this.hostname];
    if (certificate === undefined) throw new RangeError(`no test certificate for ${this.hostname}`);
    const { hostname, raftAddress: advertise } = this;
    const join = joined && { cluster_id: joined.clusterId, peer_addrs: joined.peers, hostname, advertise };
    writeData(this.files, { hostname, certificate, ca: clusterCa, join });
  }

  /** Appends lines to jacod.yaml, which a running daemon does not notice. */
  breakConfig(extra: string): void {
    writeConfig(this.files, this.grpcAddress, this.raftAddress, extra);
  }

  /** kill -9: nothing listens, the socket's file stays. */
  async kill(): Promise<void> {
    await this.#down(true);
  }

  /** A clean stop: the socket's file is gone too. */
  async stop(): Promise<void> {
    await this.#down(false);
  }

  /** Starts again after kill or stop, on the same addresses. */
  async revive(): Promise<void> {
    await this.#doors.reopen();
    this.#wake('up');
  }

  /** kill -STOP: the kernel goes on accepting, nobody answers, also not on connections already open. */
  freeze(): void {
    this.#doors.behave('both', 'freeze');
    this.state = 'frozen';
    this.#around.changed();
  }

  /** kill -CONT */
  thaw(): void {
    this.#doors.behave('both', 'serve');
    this.#wake('up');
  }

  /** Connections are accepted and reset at once. */
  reset(door: Door = 'both'): void {
    this.#misbehave(door, 'reset');
  }

  /** Something else answers: an HTTP/1 server, or bytes of no protocol. */
  garbage(kind: 'http' | 'noise' = 'http', door: Door = 'both'): void {
    this.#misbehave(door, kind);
  }

  /** A valid HTTP/2 beginning comes a byte at a time and is never finished. */
  drip(door: Door = 'both'): void {
    this.#misbehave(door, 'drip');
  }

  /** Restarted while no leader can be found: the log is there, members and tokens are not (live C1.1). */
  restartEmpty(): void {
    this.view = { kind: 'empty', index: this.status().raftIndex };
    this.#around.changed();
  }

  /** Never joined anything; the TLS port serves the bootstrap certificate. */
  async uninitialize(): Promise<void> {
    wipeData(this.files);
    await this.failResume();
  }

  /** Raft state is on disk, but could not be opened: answers like a fresh node (live C1.7). */
  async failResume(): Promise<void> {
    this.view = { kind: 'uninitialized' };
    this.certificate = 'bootstrap';
    await this.#doors.raft.close();
    this.#around.changed();
  }

  /** Removes the node certificate, as a restore does: the daemon keeps the bootstrap one (live C2). */
  loseCertificate(): void {
    for (const end of ['crt', 'key']) rmSync(join(this.dataDir, `node/${this.hostname}.${end}`), { force: true });
    this.certificate = 'bootstrap';
  }

  /** Mode of the control socket, such as 0o600. */
  setSocketMode(mode: number): void {
    chmodSync(this.socketPath, mode);
  }

  /** Replaces the control socket by a plain file. */
  async replaceSocketByFile(): Promise<void> {
    await this.stop();
    writeFileSync(this.socketPath, '');
  }

  async close(): Promise<void> {
    await this.#down(false);
    this.#servers.socket.close();
    this.#servers.tcp.close();
  }

  async #down(leaveFile: boolean): Promise<void> {
    this.#wake('down');
    await this.#doors.close(leaveFile);
  }

  #server(over: 'socket' | 'tcp'): GrpcServer {
    return grpcServer(async (call) => {
      if (this.state === 'frozen') await new Promise<void>((resolve) => this.#thawed.push(resolve));
      this.#around.seen({ hostname: this.hostname, path: call.path, over });
      const stateless = this.view.kind === 'empty' || this.view.kind === 'newcomer';
      return answerCall({ status: this.status(), content: stateless ? noContent() : this.#around.content }, call, over);
    });
  }

  #wake(state: 'up' | 'down'): void {
    this.state = state;
    for (const resolve of this.#thawed.splice(0)) resolve();
    this.#around.changed();
  }

  #misbehave(door: Door, manner: Manner): void {
    this.#doors.behave(door, manner);
    this.#doors.drop(door);
  }

  #keyPair(): KeyPair {
    const own = nodeCertificates[this.memberName] ?? bootstrapCertificate;
    return { cluster: own, bootstrap: bootstrapCertificate, moved: movedCertificate, stranger: strangerCertificate }[
      this.certificate
    ];
  }
}
