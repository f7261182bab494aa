import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Behaviour } from '../listener.ts';
import { wipeData, writeConfig } from './files.ts';
import { type Certificate, HealthyNode } from './healthy-node.ts';
import type { ListenerChoice } from './node-listeners.ts';

/** A stand-in daemon with the faults of one node. None of them needs root or systemd. */
export class DemoNode extends HealthyNode {
  /** Rewrites jacod.yaml with these lines appended. A running daemon does not notice that. */
  breakConfig(extra: string): void {
    writeConfig(this.files, this.grpcAddress, this.raftAddress, extra);
    // The start time of a process is accurate to about two seconds, so a file that changed at the same time counts as
    // read.
    this.startedAtMs = Date.now() - 60_000;
  }

  /** Like kill -9: nothing listens, and the file of the socket remains. */
  async kill(): Promise<void> {
    this.resume('down');
    await this.listeners.close(true);
  }

  /** A clean stop, which also removes the file of the socket. */
  async stop(): Promise<void> {
    this.resume('down');
    await this.listeners.close(false);
  }

  /** Starts again after kill or stop, at the same addresses. */
  async revive(): Promise<void> {
    await this.listeners.reopen();
    this.resume('up');
  }

  /** Like kill -STOP: the kernel accepts connections, but none gets an answer. */
  freeze(): void {
    this.listeners.setBehaviour('both', 'freeze');
    this.state = 'frozen';
    this.context.onChange();
  }

  /** Like kill -CONT. */
  thaw(): void {
    this.listeners.setBehaviour('both', 'serve');
    this.resume('up');
  }

  /** Connections are accepted and reset at once. */
  reset(choice: ListenerChoice = 'both'): void {
    this.#misbehave(choice, 'reset');
  }

  /** Another server answers: HTTP/1, or random bytes. */
  garbage(kind: 'http' | 'noise' = 'http', choice: ListenerChoice = 'both'): void {
    this.#misbehave(choice, kind);
  }

  /** The start of a valid HTTP/2 answer comes byte by byte and never completes. */
  drip(choice: ListenerChoice = 'both'): void {
    this.#misbehave(choice, 'drip');
  }

  /**
   * Restarted while no leader can be found: the log exists, but members and tokens are not loaded
   * (docs/jaco-daemon/raft.md#no-quorum).
   */
  restartEmpty(): void {
    this.view = { kind: 'empty', index: this.status().raftIndex };
    this.context.onChange();
  }

  /** It never joined a cluster: the TLS port serves the bootstrap certificate, and nothing listens for raft. */
  async uninitialize(): Promise<void> {
    wipeData(this.files);
    await this.failResume();
  }

  /**
   * Raft state is on disk but could not be opened: it answers like a fresh node
   * (docs/jaco-daemon/raft.md#resume-failure).
   */
  async failResume(): Promise<void> {
    this.view = { kind: 'uninitialized' };
    this.showCertificate('bootstrap');
    await this.listeners.raft.close();
    this.context.onChange();
  }

  /** Serves another certificate from now on. */
  showCertificate(certificate: Certificate): void {
    this.certificate = certificate;
  }

  /**
   * Removes the node certificate, as a restore does: the daemon keeps the bootstrap certificate
   * (docs/jaco-daemon/control.md#tls).
   */
  loseCertificate(): void {
    for (const extension of ['crt', 'key'])
      rmSync(join(this.dataDir, `node/${this.hostname}.${extension}`), { force: true });
    this.showCertificate('bootstrap');
  }

  /** Mode of the control socket, such as 0o600. */
  setSocketMode(mode: number): void {
    chmodSync(this.socketPath, mode);
  }

  /** Stops it and leaves a regular file at the socket's path. */
  async replaceSocketByFile(): Promise<void> {
    await this.stop();
    writeFileSync(this.socketPath, '');
  }

  #misbehave(choice: ListenerChoice, behaviour: Behaviour): void {
    this.listeners.setBehaviour(choice, behaviour);
    this.listeners.drop(choice);
  }
}
