import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jaco } from '../checks/jaco.ts';
import { nodeCertificates } from '../src/demo/jaco/certificates.ts';
import { readRecording } from '../src/record/read-recording.ts';
import { MANNERS, stalled } from '../test/stall/stalling-servers.ts';
import { criticalPath } from './critical-path.ts';
import { benchJacqos } from './jacqos.ts';
import { median, medianTimes, runOnce, type Sample } from './measure.ts';

/**
 * Measures the limits of docs/architecture.md#speed within one run, prints a line for each, and exits 1 if one is
 * exceeded. With a word, only the measurements whose title contains it run.
 */
const [standIn = '', bin = '', jacqosBin = '', singleFile = '', word = ''] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
const doctor = [process.execPath, bin];
let failures = 0;

function report(title: string, measured: number, limit: number, unit: string, detail = ''): void {
  const holds = measured <= limit;
  if (!holds) failures += 1;
  process.stdout.write(
    `${holds ? 'ok  ' : 'OVER'} ${title.padEnd(56)} ${measured.toFixed(2)} ${unit} (at most ${limit}) ${detail}\n`,
  );
}

/** The addresses and files of the stand-in. */
type StandInLocation = {
  readonly socket: string;
  readonly config: string;
  readonly hostname: string;
  readonly servers: readonly string[];
  readonly ca: string;
  readonly docker: string;
};

/** Runs a command with the host name $1, the Docker socket $2, and an otherwise empty /run. */
const AS_NODE =
  'hostname "$1"; mount --make-rprivate /; mount -t tmpfs tmpfs /run; ln -s "$2" /run/docker.sock; shift 2; exec "$@"';

/** Runs a stand-in cluster in its own process during `run`, and passes `run` the doctor's command for node 1. */
async function withCluster<T>(
  args: readonly string[],
  run: (command: readonly string[], remote: readonly string[]) => Promise<T>,
): Promise<T> {
  const child = spawn(process.execPath, [standIn, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const location = await new Promise<StandInLocation>((resolve) => {
      child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(JSON.parse(text)));
    });
    const command = [...doctor, '--socket', location.socket, '--config', location.config];
    // The host name is that of the node, as on a real host. Without the right to set it, the finding differs but the
    // work does not.
    const hostPrefix =
      process.getuid?.() === 0
        ? ['unshare', '--uts', '--mount', 'sh', '-c', AS_NODE, 'sh', location.hostname, location.docker]
        : [];
    const servers = location.servers.flatMap((server) => ['--server', server]);
    return await run([...hostPrefix, ...command], [...doctor, ...servers, '--ca-cert', location.ca]);
  } finally {
    child.stdin.end();
  }
}

async function measureStartUp(): Promise<number> {
  const times = await medianTimes(
    {
      bare: [process.execPath, '-e', '0'],
      version: [...doctor, '--version'],
      explain: [...doctor, 'explain', 'no_leader'],
      checks: [...doctor, 'checks'],
      single: [singleFile, 'explain', 'no_leader'],
    },
    15,
  );
  report(
    '--version, against bare node',
    times.version / times.bare,
    4,
    'x',
    `${times.version.toFixed(0)} ms against ${times.bare.toFixed(0)}`,
  );
  report('explain, against bare node', times.explain / times.bare, 4, 'x', `${times.explain.toFixed(0)} ms`);
  report(
    'explain from the single file, against installed',
    times.single / times.explain,
    1.5,
    'x',
    `${times.single.toFixed(0)} ms`,
  );
  report('checks, beyond start-up', times.checks - times.version, 300, 'ms', `${times.checks.toFixed(0)} ms`);
  return times.version;
}

/** The wall time of the process without start-up, against the critical path of the same run. */
async function measureHealthy(startMs: number, title: string, args: readonly string[]): Promise<void> {
  await withCluster(['healthy', ...args], async (command) => {
    const ratios: number[] = [];
    const overheads: number[] = [];
    let detail = '';
    for (let run = 0; run < 9; run++) {
      const file = join(scratch, `${args.length}-${run}.json`);
      const { ms } = await runOnce([...command, '--record', file]);
      const read = await readRecording(file);
      if ('problem' in read) throw new Error(read.problem);
      const path = criticalPath(jaco, read.recording.facts);
      // Modules that load before the first probe are on every path, but are not part of the time of --version.
      const probesEndMs = Math.max(...[...read.recording.facts.values()].map(({ endedMs }) => endedMs));
      const loadMs = Math.max(0, read.recording.durationMs - probesEndMs - startMs);
      ratios.push(Math.max(0, ms - startMs) / (path.ms + loadMs));
      overheads.push(ms - startMs);
      detail = `${ms.toFixed(0)} ms in total, critical path ${path.ms.toFixed(0)} ms: ${path.names.join(' > ')}`;
    }
    report(`${title}, less start-up, against path`, median(ratios), 1.2, 'x', detail);
    report(`${title}, beyond start-up`, median(overheads), 1_000, 'ms');
  });
}

async function measureFrozen(): Promise<void> {
  await withCluster(['frozen'], async (node, remote) => {
    for (const [from, command] of [
      ['the node', node],
      ['outside', remote],
    ] as const) {
      const { ms, code } = await runOnce([...command, '--timeout', '2s']);
      report(`every daemon frozen, seen from ${from}, budget 2,000 ms`, ms, 2_250, 'ms', `exit ${code}`);
    }
  });
}

/** Stalls each transport in each way, with a budget that ends before the deadlines of the doctor. */
async function measureStalls(): Promise<void> {
  let worst = { over: Number.NEGATIVE_INFINITY, what: '' };
  const tls = nodeCertificates['demo-1'];
  if (tls === undefined) throw new Error('no test certificate');
  for (const stage of ['connection', 'handshake', 'call'] as const)
    for (const behaviour of MANNERS) {
      const path = join(scratch, `${stage}-${behaviour}.sock`);
      const server = await stalled(stage, behaviour, stage === 'connection' ? { path } : { tls });
      const location = stage === 'connection' ? ['--socket', path] : ['--server', server.address];
      const { ms } = await runOnce([...doctor, ...location, '--timeout', '1s']);
      server.close();
      if (ms - 1_000 > worst.over) worst = { over: ms - 1_000, what: `${behaviour} at the ${stage}` };
    }
  report('worst of 21 stalls, past a budget of 1,000 ms', worst.over, 250, 'ms', worst.what);
}

async function measureLarge(listed: number, replicas = 0): Promise<void> {
  await withCluster(['healthy', String(listed), String(replicas)], async (command) => {
    // The first answers of the stand-in are slow, and are not part of the doctor's time.
    const samples: Sample[] = [];
    for (let run = 0; run < 5; run++) samples.push(await runOnce([...command, '--format', 'id']));
    const ms = median(samples.map((sample) => sample.ms));
    const mb = Math.max(...samples.map((sample) => sample.mb));
    const title = replicas === 0 ? `${listed} members listed` : `${listed} members, ${replicas} replicas`;
    report(title, ms, 1_000, 'ms', `${mb.toFixed(0)} MB`);
    if (listed <= 50) report(`${title}, memory`, mb, 150, 'MB');
  });
}

try {
  const startMs = await measureStartUp();
  const measurements: Readonly<Record<string, () => Promise<void>>> = {
    'healthy three nodes': () => measureHealthy(startMs, 'healthy three nodes', []),
    '50 containers, 20 networks': () => measureHealthy(startMs, '50 containers, 20 networks', ['3', '0', '50']),
    // The program asks proxies at their real ports, which only root may bind.
    ...(process.getuid?.() === 0 && {
      '50 domains, 200 routes': () => measureHealthy(startMs, '50 domains, 200 routes', ['3', '0', '0', '50']),
    }),
    'every daemon frozen': measureFrozen,
    'worst of 21 stalls': measureStalls,
    '50 members, 10000 replicas': () => measureLarge(50, 10_000),
    '1000 members listed': () => measureLarge(1000),
    jacqos: () => benchJacqos(jacqosBin, standIn, scratch, report),
  };
  for (const [title, measure] of Object.entries(measurements)) if (title.includes(word)) await measure();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(failures === 0 ? 0 : 1);
