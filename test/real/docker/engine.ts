import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closeOnSignal } from '../../../src/demo/close-on-signal.ts';
import { command, PATH, requireRootAnd, type Said, until } from '../shell.ts';

export const engineScript = fileURLToPath(new URL('engine.sh', import.meta.url));
export const ENGINE_TOOLS = ['dockerd', 'docker', 'busybox', 'ip', 'nsenter', 'curl'];

/** A real Docker engine with its own network, files and containers. Close it. */
export class RealEngine {
  readonly folder = mkdtempSync(join(tmpdir(), 'jd-engine-'));
  readonly #namespace = `jd${process.pid}`;
  readonly #forget = closeOnSignal(() => this.#remove());

  private constructor() {}

  /** Starts one and gives it an image, `test/busybox:1`; 2 s. */
  static async start(): Promise<RealEngine> {
    requireRootAnd(...ENGINE_TOOLS);
    const engine = new RealEngine();
    try {
      await engine.begin();
      await engine.#sh('image', engine.folder);
    } catch (error) {
      engine.close();
      throw error;
    }
    return engine;
  }

  get socket(): string {
    return join(this.folder, 'docker.sock');
  }

  /** Starts it, again with the same files. */
  async begin(): Promise<void> {
    await this.#sh('start', this.folder, this.#namespace);
  }

  /** Sends its process a signal. After TERM or KILL it has ended. */
  async signal(name: 'TERM' | 'KILL' | 'STOP' | 'CONT'): Promise<void> {
    const pid = Number(readFileSync(join(this.folder, 'engine'), 'utf8'));
    process.kill(pid, `SIG${name}`);
    if (name !== 'TERM' && name !== 'KILL') return;
    await until('the engine ends', async () => !isAlive(pid));
    // A dying process may hold its sockets longer than its name.
    await until('its socket is let go', () => isDead(this.socket));
  }

  /** The docker command; it must succeed, unless `mayFail`. */
  async docker(words: readonly string[], mayFail = false): Promise<string> {
    const { code, stdout, stderr } = await command('docker', ['-H', `unix://${this.socket}`, ...words]);
    if (code !== 0 && !mayFail) throw new Error(`docker ${words.join(' ')}: ${stderr}`);
    return stdout.trim();
  }

  /** Removes every container and network of JACO. */
  async clear(): Promise<void> {
    const all = await this.docker(['ps', '-aq']);
    if (all !== '') await this.docker(['rm', '-f', ...all.split('\n')]);
    const networks = await this.docker(['network', 'ls', '-q', '--filter', 'name=jaco_']);
    if (networks !== '') await this.docker(['network', 'rm', ...networks.split('\n')]);
  }

  close(): void {
    this.#forget();
    this.#remove();
  }

  async #sh(...words: readonly string[]): Promise<Said> {
    const said = await command('bash', [engineScript, ...words]);
    if (said.code !== 0) throw new Error(`engine.sh ${words.join(' ')}: ${said.stderr}`);
    return said;
  }

  #remove(): void {
    spawnSync('bash', [engineScript, 'end', this.folder, this.#namespace], {
      env: { PATH },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function isAlive(pid: number): boolean {
  try {
    // A child process that ended remains as a zombie until it is waited for.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function isDead(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ECONNREFUSED' || code === 'ENOENT'));
  });
}
