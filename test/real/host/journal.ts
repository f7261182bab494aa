import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Journal } from '../../../src/probes/jaco/journal/journal.ts';
import { expectSaid } from '../expect.ts';
import type { Host } from './host.ts';

/** The only program that writes journal files with chosen fields, and so with a past. */
export const WRITER = '/lib/systemd/systemd-journal-remote';
const LINES = 200_000;
const HOURS_20 = 20 * 3_600_000;
/** The limits of src/probes/jaco/journal.ts for kept and read lines. */
const MAX_ENTRIES = 5_000;
const MAX_BYTES = 8 * 1024 * 1024;

type Fields = Readonly<Record<string, string>>;

/** Writes a day of jaco.service's past into the host's journal: `line(i)` returns each entry's own fields. */
async function past(host: Host, name: string, line: (i: number) => Fields): Promise<string> {
  const machine = readFileSync(host.path('/etc/machine-id'), 'utf8').trim();
  const boot = (await host.sh('cat /proc/sys/kernel/random/boot_id')).replaceAll('-', '');
  const path = `/var/log/journal/${machine}/${name}.journal`;
  const writer = spawn(WRITER, [`--output=${host.path(path)}`, '-'], { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  writer.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const closed = once(writer, 'close');
  const start = Date.now() - HOURS_20;
  const common = {
    _BOOT_ID: boot,
    _MACHINE_ID: machine,
    _HOSTNAME: 'demo-1',
    SYSLOG_IDENTIFIER: 'jacod',
    _PID: '4242',
    _UID: '998',
  };
  const unit = { _SYSTEMD_UNIT: 'jaco.service', _SYSTEMD_INVOCATION_ID: 'a'.repeat(32) };
  for (let i = 0; i < LINES; i++) {
    const at = start + Math.floor((i * (HOURS_20 - 60_000)) / LINES);
    const times = { __REALTIME_TIMESTAMP: `${at}000`, __MONOTONIC_TIMESTAMP: String(1_000_000 + i) };
    const entry = Object.entries({ ...times, ...common, ...unit, ...line(i) });
    const text = `${entry.map(([key, value]) => `${key}=${value}`).join('\n')}\n\n`;
    if (!writer.stdin.write(text)) await once(writer.stdin, 'drain');
  }
  writer.stdin.end();
  const [code] = await closed;
  if (code !== 0) throw new Error(`systemd-journal-remote ended with ${code}: ${said}`);
  expect(await host.sh(`journalctl -q --file ${path} -o cat --output-fields=_PID | wc -l`)).toBe(String(LINES));
  return path;
}

const started = {
  _TRANSPORT: 'journal',
  PRIORITY: '6',
  SUBSYSTEM: 'runtime/reconciler',
  MESSAGE: 'replica container started',
};
const warned = {
  _TRANSPORT: 'journal',
  PRIORITY: '4',
  SUBSYSTEM: 'dns',
  MESSAGE: 'listen failed; retrying until the bridge gateway is up',
};
const debug = {
  _TRANSPORT: 'stdout',
  PRIORITY: '6',
  MESSAGE: '2026-01-01T00:00:00.000Z [DEBUG] raft: accepted connection: local-address=127.81.0.1:7001',
};
const refused = {
  _TRANSPORT: 'stdout',
  PRIORITY: '6',
  MESSAGE: '2026-01-01T00:00:00.000Z [ERROR] raft: failed to contact: server-id=demo-2 time=10s',
};

type Seen = {
  readonly kept: number;
  readonly cut: boolean;
  readonly starts: number;
  readonly lines: number;
  readonly bytes: number;
};

/** One run, what it kept of the journal, and what journalctl prints for the same arguments: what there was to read. */
async function look(host: Host, what: string): Promise<Seen> {
  await host.sh('rm -f /root/seen.json /root/exec.log');
  const strace = ['strace', '-f', '-qq', '-v', '-s', '65536', '-e', 'trace=execve', '-o', '/root/exec.log'];
  await host.run([...strace, 'node', '/opt/doctor/bin/jaco-doctor.js']);
  const argv = /execve\("[^"]*", (\["journalctl".*?\]), /.exec(readFileSync(host.path('/root/exec.log'), 'utf8'))?.[1];
  const words = JSON.parse(argv ?? '[]') as string[];
  const answer = await host.run(['bash', '-c', '"$@" | wc -lc', 'all', ...words]);
  const [lines = 0, bytes = 0] = answer.stdout.trim().split(/\s+/).map(Number);

  const run = await host.doctor(['--record', '/root/seen.json', '--debug']);
  const time = /^\d+\+(\d+) ms\s+jaco\.journal\s+(.*)$/m.exec(run.stderr);
  const recording = JSON.parse(readFileSync(host.path('/root/seen.json'), 'utf8'));
  const journal: Journal = recording.facts['jaco.journal'].outcome.value;
  const { entries, cut } = journal;
  console.log(
    `${what}: ${LINES} lines of which ${lines} match (${bytes} bytes); kept ${entries.length}${cut ? ', cut' : ''}; the probe took ${time?.[1]} ms, the run ${run.ms} ms`,
  );
  expectSaid(what, { ...run, stderr: '' }, { first: null, exit: 0 });
  return {
    kept: entries.length,
    cut,
    starts: entries.filter(({ message }) => message === 'starting').length,
    lines,
    bytes,
  };
}

/** Prints the peak of a run's memory at its end, from inside. */
const TELL_PEAK = 'process.on("exit", () => process.stderr.write("peak " + process.resourceUsage().maxRSS + "\\n"))';

/** Peak memory of one run, in MB. */
async function peakOf(host: Host): Promise<number> {
  const tell = `NODE_OPTIONS=--import=data:text/javascript,${encodeURIComponent(TELL_PEAK)}`;
  const { stderr } = await host.run(['env', tell, 'node', '/opt/doctor/bin/jaco-doctor.js', '--format', 'id']);
  return Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
}

export function journalAtScale(the: () => Host): void {
  describe('a journal of 200,000 lines', () => {
    let quietMb = 0;
    it('that is nearly all noise is not read: what matters is picked out by the journal’s own index', async () => {
      const host = the();
      quietMb = await peakOf(host);
      const path = await past(host, 'noise', (i) =>
        i % 1000 === 0
          ? warned
          : i % 100 === 1
            ? debug
            : { ...started, REPLICA_ID: `shop-web-${i % 9}`, CONTAINER_ID: 'c'.repeat(64) },
      );
      try {
        const seen = await look(host, 'noise');
        expect(seen.lines).toBeLessThan(LINES / 50);
        expect(seen.bytes).toBeLessThan(MAX_BYTES);
        expect(seen).toMatchObject({ cut: false });
        expect(seen.kept).toBeGreaterThanOrEqual(LINES / 1000);
        expect(seen.kept).toBeLessThan(seen.lines);
        expect(seen.starts).toBeGreaterThan(0);
      } finally {
        rmSync(host.path(path));
      }
    });

    it('that all matter is read from its end, and no further than the doctor can use', async () => {
      const host = the();
      const path = await past(host, 'errors', () => refused);
      try {
        const seen = await look(host, 'errors');
        const [full, before] = [await peakOf(host), quietMb];
        console.log(`peak memory: ${full.toFixed(0)} MB, ${before.toFixed(0)} MB with a short journal`);
        expect(full - before).toBeLessThan(60);
        expect(seen.lines).toBeGreaterThan(LINES);
        expect(seen).toMatchObject({ cut: true });
        expect(seen.kept).toBeLessThanOrEqual(MAX_ENTRIES);
        // The newest are kept, and with them the first lines of the running daemon.
        expect(seen.starts).toBeGreaterThan(0);
      } finally {
        rmSync(host.path(path));
      }
    });
  });
}
