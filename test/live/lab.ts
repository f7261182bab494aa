import { type ChildProcess, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closeOnSignal } from '../../src/demo/close-on-signal.ts';
import { DemoDocker } from '../../src/demo/jaco/docker.ts';
import { ENGINE_TOOLS, engineScript } from '../real/docker/engine.ts';
import type { RealJaco } from '../real/host/host.ts';
import { WRITER } from '../real/host/journal.ts';
import { command, PATH, type Run, requireRootAnd, runDoctor, type Said } from '../real/shell.ts';

import { writeDaemonJournal } from './daemon-journal.ts';

const script = fileURLToPath(new URL('lab.sh', import.meta.url));
const repository = fileURLToPath(new URL('../..', import.meta.url));

const AUTHORITY_TOOLS = ['pebble', 'pebble-challtestsrv', 'openssl', 'curl', WRITER];

/** The real programs; null if the environment does not name both. */
export function realJaco(): RealJaco | null {
  const { JACOD: jacod, JACO: jaco } = process.env;
  return jacod && jaco ? { jacod, jaco } : null;
}

/** Printed once for each file, so that a run without real daemons is not taken for one with them. */
export function sayWhatWasNotRun(what: string): void {
  process.stderr.write(`NOT RUN: ${what}. JACOD and JACO must name the real programs.\n`);
}

/** A cluster of real daemons. Close it. */
export class Lab {
  readonly folder = mkdtempSync(join(tmpdir(), 'jaco-doctor-live-'));
  readonly #environment: Readonly<Record<string, string>>;
  readonly #running = new Set<ChildProcess>();
  readonly #dockers: DemoDocker[] = [];
  readonly #forget = closeOnSignal(() => this.#remove());

  private constructor(
    readonly nodes: number,
    prefix: string,
    readonly subnet: string,
    engines: boolean,
    authority: boolean,
  ) {
    const real = realJaco();
    if (real === null) throw new Error('JACOD and JACO do not name the real programs');
    this.#environment = {
      ...{ PATH, JACOD: real.jacod, JACO: real.jaco, LAB: this.folder, P: prefix, SUBNET: subnet },
      ...(engines ? { ENGINES: engineScript } : {}),
      ...(authority ? { AUTHORITY: 'pebble' } : {}),
    };
  }

  /**
   * `nodes` that joined, and `spare` hosts on which nothing runs yet. It takes 10 to 20 s, mostly JACO's own waiting.
   * With `engines` each has a real Docker engine, with the image test/busybox:1. With `authority` the nodes order
   * certificates from a local one.
   */
  static async start(of: {
    nodes: number;
    spare?: number;
    engines?: boolean;
    authority?: boolean;
    prefix?: string;
    subnet?: string;
  }): Promise<Lab> {
    requireRootAnd(
      'ip',
      'nsenter',
      'unshare',
      ...(of.engines ? ENGINE_TOOLS : []),
      ...(of.authority ? AUTHORITY_TOOLS : []),
    );
    const lab = new Lab(
      of.nodes,
      of.prefix ?? 'lv',
      of.subnet ?? '10.79.0',
      of.engines ?? false,
      of.authority ?? false,
    );
    try {
      // A copy of the current doctor, so that a build during the tests does not disturb them.
      for (const name of ['package.json', 'bin', 'dist', 'oclif.manifest.json'])
        cpSync(join(repository, name), join(lab.folder, 'doctor', name), { recursive: true });
      if (!of.engines) await lab.#startDockers(of.nodes + (of.spare ?? 0));
      await lab.sh(`lab_cluster ${of.nodes} ${of.spare ?? 0}`);
      return lab;
    } catch (error) {
      lab.close();
      throw error;
    }
  }

  close(): void {
    this.#forget();
    this.#remove();
  }

  /** Every node has an engine that answers and runs nothing: a stand-in, because none of these faults concerns it. */
  async #startDockers(count: number): Promise<void> {
    for (let i = 1; i <= count; i++) {
      mkdirSync(join(this.folder, `j${i}`), { recursive: true });
      const docker = new DemoDocker(join(this.folder, `j${i}/docker.sock`));
      this.#dockers.push(docker);
      await docker.start();
    }
  }

  /** Runs lines of shell with the functions of lab.sh; they must succeed. */
  async sh(lines: string): Promise<string> {
    const { code, stdout, stderr } = await this.#bash(['-euc', `. "$0"; ${lines}`, script]);
    if (code !== 0) throw new Error(`in the lab, exit ${code}: ${lines}\n${stdout}${stderr}`);
    return stdout.trim();
  }

  /** The doctor on node `i`, as its operator would run it. */
  async doctor(i: number, words: readonly string[] = []): Promise<Run> {
    const home = join(this.folder, `j${i}`);
    const where = ['env', `JACO_SOCKET=${home}/jaco.sock`, `JACO_CONFIG=${home}/jacod.yaml`, process.execPath];
    const argv = [...where, join(this.folder, 'doctor/bin/jaco-doctor.js'), ...words];
    return runDoctor(
      (all) => this.#bash(['-euc', '. "$0"; i=$1; shift; lab_on "$i" "$@"', script, String(i), ...all]),
      argv,
    );
  }

  /** Gives node `i` the journal that its daemon would have under systemd, up to now. */
  keepJournal(i: number): void {
    const home = join(this.folder, `j${i}`);
    writeDaemonJournal(this.log(i), readFileSync(join(home, 'pid'), 'utf8').trim(), join(home, 'journal'));
  }

  /** The doctor on host `i`, which is not a node: it asks these addresses, with this environment. */
  async ask(
    i: number,
    servers: readonly string[],
    { env = {}, words = [] }: { env?: Readonly<Record<string, string>>; words?: readonly string[] } = {},
  ): Promise<Run> {
    const given = Object.entries({ JACO_SOCKET: '', JACO_TOKEN: this.token, ...env }).map(
      ([name, value]) => `${name}=${value}`,
    );
    const asked = servers.flatMap((server) => ['--server', server]);
    const argv = [
      'env',
      ...given,
      process.execPath,
      join(this.folder, 'doctor/bin/jaco-doctor.js'),
      ...asked,
      ...words,
    ];
    return runDoctor(
      (all) => this.#bash(['-euc', '. "$0"; i=$1; shift; lab_on "$i" "$@"', script, String(i), ...all]),
      argv,
    );
  }

  /** The operator token that init printed. */
  get token(): string {
    return /\b[0-9a-f]{64}\b/.exec(readFileSync(join(this.folder, 'init'), 'utf8'))?.[0] ?? '';
  }

  /** The path of the cluster's CA on node `i`. */
  ca(i: number): string {
    return join(this.folder, `j${i}/data/node/ca.crt`);
  }

  /** The leader, as node `i` reports it. */
  async leader(i: number): Promise<number> {
    return Number(await this.sh(`lab_leader ${i}`));
  }

  /** Adds lines to a node's jacod.yaml, for its next start. */
  configure(i: number, lines: string): void {
    appendFileSync(join(this.folder, `j${i}/jacod.yaml`), lines);
  }

  rename(i: number, hostname: string): void {
    writeFileSync(join(this.folder, `j${i}/hostname`), `${hostname}\n`);
  }

  /** The output of a node's daemon. */
  log(i: number): string {
    return readFileSync(join(this.folder, `j${i}/log`), 'utf8');
  }

  #bash(words: readonly string[]): Promise<Said> {
    const started = (child: ChildProcess): void => {
      this.#running.add(child);
      child.once('close', () => this.#running.delete(child));
    };
    const environment = Object.entries(this.#environment).map(([key, value]) => `${key}=${value}`);
    return command('env', ['-i', ...environment, 'bash', '--norc', ...words], started);
  }

  #remove(): void {
    // A lab that is being created must not continue while it is removed.
    for (const child of this.#running) child.kill('SIGKILL');
    for (const docker of this.#dockers) void docker.close();
    spawnSync('bash', ['-c', '. "$0"; lab_down', script], {
      env: { ...this.#environment },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
