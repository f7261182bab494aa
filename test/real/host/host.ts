import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { closeOnSignal } from '../../../src/demo/close-on-signal.ts';
import { clusterCa, nodeCertificates } from '../../../src/demo/jaco/certificates.ts';
import { DemoDocker } from '../../../src/demo/jaco/docker.ts';
import { hostCapture, savedOf } from '../../probes/host/captured-tables.ts';
import { command, PATH, type Run, requireRootAnd, runDoctor, type Said, until } from '../shell.ts';
import { containerName, networkScript, SERVER_PROGRAM } from './host-network.ts';
import { containerOf, containersOf, networksOf, type Workload } from './workload.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const script = fileURLToPath(new URL('host.sh', import.meta.url));

/** The version that the stand-in daemon reports. */
const VERSION = 'v0.3.9';
/**
 * The address at which the host's daemon listens: the stand-in cluster's certificates are valid for this name and
 * address.
 */
const HOSTNAME = 'demo-1';
export const LISTEN = '127.81.0.1:7000';
const CLUSTER = '127.81.0.1:7001';

/** jacod.yaml of a healthy host. */
export const CONFIG = [
  'data_dir: /var/lib/jaco',
  `listen_addr: ${LISTEN}`,
  `cluster_addr: ${CLUSTER}`,
  'unix_socket: /var/run/jaco/jaco.sock',
  'acme_enabled: false',
  'node_status_interval: 5s',
  'dns:',
  '  forwarders: ["127.0.0.1:5353"]',
  '',
].join('\n');

/** The name servers of the host's daemon. */
const RESOLVER = `[Unit]
StartLimitIntervalSec=0
[Service]
ExecStart=/usr/sbin/dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --bind-interfaces \\
  --listen-address=127.0.0.1 --port=5353 --user=root --pid-file --address=/example.com/192.0.2.7
`;

/** Paths of the real programs. */
export type RealJaco = { readonly jacod: string; readonly jaco: string };

type HostOptions = { readonly real?: RealJaco | null; readonly packages?: readonly string[] };

type As = { readonly user?: 'op' | 'jacoop' };

/** A systemd host with JACO's units, a stand-in jacod, and the built doctor. Close it. */
export class Host {
  readonly #scratch: string;
  readonly #root: string;
  readonly #group: string;
  readonly #booted: ChildProcess;
  #pid = 0;
  #docker: DemoDocker | null = null;
  #complaint = '';
  readonly #forget = closeOnSignal(() => this.#remove());

  private constructor(scratch: string) {
    this.#scratch = scratch;
    this.#root = join(scratch, 'root');
    this.#group = `jaco-doctor-test-${process.pid}`;
    this.#booted = spawn('bash', [script, 'boot', this.#root, this.#group], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#booted.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint += chunk;
    });
  }

  /**
   * Installs and boots a host, on which the daemon runs and is the leader. It takes about 40 s, mostly for Debian's
   * packages. With `real`, the programs that it names replace the stand-in. `packages` are more Debian packages, whose
   * services are off.
   */
  static async start({ real = null, packages = [] }: HostOptions = {}): Promise<Host> {
    requireRootAnd('debootstrap', 'unshare', 'setpriv', 'nsenter');
    const scratch = mkdtempSync(join(tmpdir(), 'jaco-doctor-host-'));
    const root = join(scratch, 'root');
    try {
      // TEST_HOST_BASE names a root from an earlier `host.sh make`, which saves time when these tests are repeated.
      const base = process.env['TEST_HOST_BASE'];
      const made =
        base === undefined
          ? spawnSync('bash', [script, 'make', root], { encoding: 'utf8' })
          : spawnSync('cp', ['-a', base, root], { encoding: 'utf8' });
      if (made.status !== 0) throw new Error(`the test host could not be made: ${made.stderr}`);
      if (packages.length > 0 && base === undefined) {
        const added = spawnSync('bash', [script, 'add', root, ...packages], { encoding: 'utf8' });
        if (added.status !== 0) throw new Error(`packages could not be installed: ${added.stderr}`);
      }
      await furnish(root, real);
    } catch (error) {
      rmSync(scratch, { recursive: true, force: true });
      throw error;
    }
    const host = new Host(scratch);
    try {
      host.#pid = await host.#initProcess();
      await until('systemd of the test host is up', async () => {
        const { stdout } = await host.run(['systemctl', 'is-system-running']);
        return /^(running|degraded)$/.test(stdout.trim());
      });
      await host.serveDocker();
      if (real !== null) await host.#init();
      await host.heal();
    } catch (error) {
      await host.close();
      throw error;
    }
    return host;
  }

  /** Ends everything in the host and removes it. */
  async close(): Promise<void> {
    const ended = this.#booted.exitCode === null && this.#booted.signalCode === null;
    const gone = ended ? new Promise((resolve) => this.#booted.once('close', resolve)) : null;
    if (this.#pid > 0) process.kill(this.#pid, 'SIGKILL');
    else this.#booted.kill('SIGKILL');
    await gone;
    await this.#docker?.close();
    this.#forget();
    this.#remove();
  }

  /** The container engine of the host: a stand-in, because none of these faults concerns it. */
  get docker(): DemoDocker {
    if (this.#docker === null) throw new Error('the host is not up');
    return this.#docker;
  }

  /** Starts it; the owner of its socket is that of the package. */
  async serveDocker(): Promise<void> {
    const path = `/proc/${this.#pid}/root/run/docker.sock`;
    this.#docker ??= new DemoDocker(path);
    await this.#docker.start();
    chownSync(path, 0, Number(await this.sh('getent group docker | cut -d: -f3')));
    chmodSync(path, 0o660);
  }

  /** Gives the stand-in daemon, and its engine, a workload from its next start on; null removes it. */
  async deploy(workload: Workload | null): Promise<void> {
    const { networks, containers } = this.docker;
    networks.splice(0, networks.length, ...(workload === null ? [] : networksOf(workload)));
    containers.splice(0, containers.length, ...(workload === null ? [] : containersOf(workload)));
    await this.tell(workload);
    await this.sh(networkScript(workload));
    for (const part of workload?.parts ?? []) {
      const container = this.docker.containers.find(({ id }) => id === containerOf(part));
      if (container !== undefined) container.pid = Number(await this.property(containerName(part), 'MainPID'));
    }
    const table = workload === null ? 'nft-healthy-empty.json' : 'nft-healthy-scopes.json';
    this.write('/opt/installed/table.json', hostCapture(table));
  }

  /** Changes what the daemon reports about its workload; its engine and the host's networks stay. */
  async tell(workload: Workload | null): Promise<void> {
    // Moved into place, because the daemon reads it at each request.
    this.write('/opt/stand-in/workload.json.new', JSON.stringify(workload));
    await this.sh('mv /opt/stand-in/workload.json.new /opt/stand-in/workload.json');
  }

  /** The packet filter of JACO and Docker, a resolver that answers, and forwarding; the daemon is not changed. */
  async mendNetwork(): Promise<void> {
    await this.sh(`
      nft flush ruleset
      iptables-restore /opt/installed/iptables.rules
      [ ! -e /opt/installed/table.json ] || nft -j -f /opt/installed/table.json
      echo 1 >/proc/sys/net/ipv4/ip_forward
      systemctl restart resolver.service`);
  }

  /** A path of the host on this machine. Not for /run, /tmp, /dev or /proc. */
  path(inside: string): string {
    return join(this.#root, inside);
  }

  write(inside: string, text: string): void {
    mkdirSync(join(this.path(inside), '..'), { recursive: true });
    writeFileSync(this.path(inside), text);
  }

  /** Runs a command there, as root or as another user with that user's groups. */
  async run(argv: readonly string[], { user }: As = {}): Promise<Said> {
    const place = `/proc/${this.#pid}/root`;
    const enter = ['-t', String(this.#pid), '-a', `-r${place}`, `-w${place}`, '--'];
    const as = user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups'];
    const environment = [
      'env',
      '-i',
      `HOME=/${user === undefined ? 'root' : `home/${user}`}`,
      `PATH=${PATH}`,
      'LANG=C.UTF-8',
    ];
    return command('nsenter', [...enter, ...environment, ...as, ...argv]);
  }

  /** Runs a shell script there; it must succeed. */
  async sh(script: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(['bash', '-euc', script]);
    if (code !== 0) throw new Error(`in the test host, exit ${code}: ${script}\n${stderr}`);
    return stdout.trim();
  }

  /** The report of one run of the doctor there, as JSON. */
  async doctor(words: readonly string[] = [], as: As = {}): Promise<Run> {
    return runDoctor((argv) => this.run(argv, as), ['node', '/opt/doctor/bin/jaco-doctor.js', ...words]);
  }

  /** Replaces jacod.yaml, for the next start of the daemon. */
  configure(text: string): void {
    this.write('/etc/jaco/jacod.yaml', text);
  }

  /** Adds a drop-in to jaco.service; {@link heal} removes it. */
  async dropIn(text: string): Promise<void> {
    this.write('/etc/systemd/system/jaco.service.d/zz-fault.conf', text);
    await this.sh('systemctl daemon-reload');
  }

  /** The daemon's process id, as the host numbers it. */
  async mainPid(): Promise<string> {
    return this.sh('systemctl show -P MainPID jaco.service');
  }

  /** How long the daemon has been running, in seconds. */
  async age(): Promise<number> {
    return Number(await this.sh(`ps -o etimes= -p ${await this.mainPid()}`));
  }

  /** A property of a unit. */
  async property(unit: string, name: string): Promise<string> {
    return this.sh(`systemctl show -P ${name} ${unit}`);
  }

  /** Lines of jaco.service's journal in its present invocation. */
  async journal(): Promise<string> {
    return this.sh('journalctl -q -o cat _SYSTEMD_INVOCATION_ID="$(systemctl show -P InvocationID jaco.service)"');
  }

  /**
   * Undoes every fault: the host is as after its installation, and its daemon runs and is the leader. The journal is
   * kept.
   */
  async heal(): Promise<void> {
    this.configure(CONFIG);
    await this.mendNetwork();
    await this.sh(`
      systemctl kill -s CONT jaco.service 2>/dev/null || true
      systemctl stop fault.service jaco.socket jaco.service 2>/dev/null || true
      rm -f /etc/systemd/system/jaco.service.d/zz-fault.conf
      ! mountpoint -q /var/lib/jaco || umount /var/lib/jaco
      rm -rf /var/lib/jaco
      cp -a /opt/installed/data /var/lib/jaco
      cp -a /opt/installed/units/. /usr/lib/systemd/system/
      cmp -s /opt/installed/jacod /usr/local/bin/jacod || cp -a --remove-destination /opt/installed/jacod /usr/local/bin/jacod
      systemctl daemon-reload
      systemctl reset-failed
      systemctl -q enable jaco.service
      systemctl start jaco.service`);
    await this.leads();
  }

  /** Waits until the running daemon has been elected. */
  async leads(): Promise<void> {
    await until('the daemon leads', async () => (await this.journal()).includes('raft leadership acquired'));
  }

  /** Lets a real daemon create its cluster, and keeps the resulting files. */
  async #init(): Promise<void> {
    await this.sh(`
      cp -a /opt/installed/jacod /usr/local/bin/jacod
      install -d -o jaco -g jaco -m 0750 /var/lib/jaco
      systemctl start jaco.service
      jaco cluster init`);
    await this.leads();
    await this.sh('systemctl stop jaco.service; cp -a /var/lib/jaco /opt/installed/data');
  }

  /** Systemd's process on this machine, once it is systemd. */
  async #initProcess(): Promise<number> {
    let pid = 0;
    await until('the test host boots', async () => {
      if (this.#booted.exitCode !== null) throw new Error(`the test host does not boot: ${this.#complaint}`);
      pid = childOf(this.#booted.pid ?? 0);
      return pid > 0 && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'systemd';
    });
    return pid;
  }

  #remove(): void {
    if (this.#pid > 0 && existsSync(`/proc/${this.#pid}`) && this.#booted.exitCode === null)
      this.#booted.kill('SIGKILL');
    spawnSync('bash', [script, 'sweep', this.#group], { stdio: ['ignore', 'ignore', 'inherit'] });
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}

/** Copies the daemon, its files and the doctor into an installed root. */
async function furnish(root: string, real: RealJaco | null): Promise<void> {
  put(root, 'etc/hostname', `${HOSTNAME}\n`);
  put(root, 'etc/hosts', `127.0.0.1 localhost\n127.81.0.1 ${HOSTNAME}\n`);
  put(root, 'etc/resolv.conf', 'nameserver 127.0.0.1\n');
  put(root, 'etc/jaco/jacod.yaml', CONFIG);
  cpSync(process.execPath, join(root, 'usr/local/bin/node'), { dereference: true });
  put(root, 'opt/installed/iptables.rules', `${savedOf(hostCapture('iptables-healthy-scopes.txt'))}\n`);
  put(root, 'etc/systemd/system/resolver.service', RESOLVER);
  put(root, 'opt/stand-in/serve.cjs', SERVER_PROGRAM);
  for (const name of ['jaco.service', 'jaco.socket'])
    cpSync(join(root, 'usr/lib/systemd/system', name), join(root, 'opt/installed/units', name));
  if (real === null) {
    await furnishStandIn(root);
  } else {
    cpSync(real.jacod, join(root, 'opt/installed/jacod'));
    cpSync(real.jaco, join(root, 'usr/local/bin/jaco'));
  }

  // The doctor as its package contains it: nothing of node_modules.
  const { files } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { files: string[] };
  for (const name of ['package.json', ...files]) {
    mkdirSync(join(root, 'opt/doctor', name, '..'), { recursive: true });
    cpSync(join(repository, name), join(root, 'opt/doctor', name), { recursive: true });
  }
}

/** The stand-in daemon, and the data directory of one that created its cluster long ago. */
async function furnishStandIn(root: string): Promise<void> {
  writeFileSync(join(root, 'opt/installed/jacod'), nodeThatSays(VERSION), { mode: 0o755 });
  // A real daemon writes its table itself.
  put(root, 'opt/installed/table.json', hostCapture('nft-healthy-empty.json'));
  put(root, 'opt/stand-in/jacod.cjs', await bundle(fileURLToPath(new URL('jacod.ts', import.meta.url))));
  // The drop-in that makes Node the stand-in, for the unit that the packages install.
  const lines = [
    '[Service]',
    'NotifyAccess=all',
    'Environment="NODE_OPTIONS=--no-node-snapshot --require=/opt/stand-in/jacod.cjs"',
  ];
  put(root, 'usr/lib/systemd/system/jaco.service.d/stand-in.conf', `${lines.join('\n')}\n`);

  const pair = nodeCertificates[HOSTNAME];
  if (pair === undefined) throw new Error(`no test certificate for ${HOSTNAME}`);
  const data = 'opt/installed/data';
  put(root, `${data}/raft/log.db`, 'no bolt store: the log of a stand-in\n', 0o600);
  put(root, `${data}/node/${HOSTNAME}.crt`, pair.cert);
  put(root, `${data}/node/${HOSTNAME}.key`, pair.key, 0o600);
  put(root, `${data}/node/ca.crt`, clusterCa);
  chmodSync(join(root, data), 0o750);
  for (const folder of ['raft', 'node']) chmodSync(join(root, data, folder), 0o700);
  const owned = spawnSync('bash', [script, 'own', root, `/${data}`], { encoding: 'utf8' });
  if (owned.status !== 0) throw new Error(`the data directory could not be given to jaco: ${owned.stderr}`);
}

function put(root: string, path: string, text: string, mode = 0o644): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text, { mode });
}

async function bundle(input: string): Promise<string> {
  const build = await rolldown({ input, platform: 'node', logLevel: 'silent' });
  try {
    const { output } = await build.generate({ format: 'cjs', codeSplitting: false });
    return output[0].code;
  } finally {
    await build.close();
  }
}

/**
 * A copy of this Node's program with another version in it. Run as /usr/local/bin/jacod, it is a program of that name
 * for systemd and the kernel, which answers `--version` as jacod would.
 */
export function nodeThatSays(version: string): Buffer {
  const program = readFileSync(process.execPath);
  const own = Buffer.from(`${process.version}\0`);
  const at = program.indexOf(own);
  if (at === -1 || program.indexOf(own, at + 1) !== -1 || version.length > process.version.length)
    throw new Error(
      `${process.execPath} does not hold its version once; the stand-in for jacod needs a Node that does`,
    );
  program.write(version.padEnd(own.length, '\0'), at, 'latin1');
  return program;
}

function childOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]) || 0;
  } catch {
    return 0;
  }
}
