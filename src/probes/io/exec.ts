import { type ChildProcess, spawn } from 'node:child_process';
import { failed, type Result } from '../../engine/outcome.ts';
import { clean } from '../../engine/text.ts';
import { endGroup, keepGroup } from './groups.ts';

/** The programs the doctor may start, all of them readers, and the words it may give them first. */
export type Argv =
  | readonly ['systemctl', 'show', ...string[]]
  | readonly ['journalctl', ...string[]]
  | readonly ['nft', '-j', 'list', ...(readonly ['ruleset'] | readonly ['table', 'inet', 'jaco'])]
  // Not `iptables-legacy -S`: that makes and takes /run/xtables.lock, and loads the table it is asked for.
  | readonly ['iptables-save' | 'iptables-legacy-save']
  // Not `wg show … dump`, which prints private keys.
  | readonly ['wg', 'show', 'jaco0', 'latest-handshakes' | 'transfer' | 'allowed-ips']
  // jacod, iptables and jacqos. `jacod version`, without dashes, would start a daemon.
  | readonly [program: string, '--version']
  // The two commands of JacqOS's documented triage; every other one may change something.
  | readonly [jacqos: string, 'cloud', 'readiness' | 'status', '--json'];

/** What a finished child said. `cut` is true where more came than was kept. */
export type Ended = {
  readonly kind: 'ended';
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly cut: boolean;
};

type Options = {
  readonly signal: AbortSignal;
  /** Bytes of stdout kept, at most; the child is ended when it says more. */
  readonly maxBytes?: number;
  /** Given every whole line instead of keeping stdout; false ends the child. */
  readonly onLine?: (line: string) => boolean;
  /** Given what comes on both streams, as it comes, instead of keeping any of it; false ends the child. */
  readonly onChunk?: (from: 'stdout' | 'stderr', chunk: Buffer) => boolean;
  /** The folder it starts in; the doctor's own unless given. */
  readonly cwd?: string;
  /** Its whole environment, for a program that has to find what its user has set up. */
  readonly env?: { readonly [name: string]: string | undefined };
};

/** Time for what a child that has ended still had in its pipes, in ms: one it left behind may hold them open for ever. */
const DRAIN_MS = 250;

const MAX_STDERR_BYTES = 4096;
/** A line longer than this is handed over cut: journald's own limit for a field is larger. */
const MAX_LINE_BYTES = 64 * 1024;

// A fixed, quiet environment: nothing of the user's that could colour, page, translate or redirect the answer.
const ENVIRONMENT = {
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  SYSTEMD_COLORS: '0',
  SYSTEMD_PAGER: '',
  PAGER: 'cat',
  NO_COLOR: '1',
};
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs one of the allowed programs without a shell, in a process group of its own that ends with `signal`. */
export async function run(argv: Argv, options: Options): Promise<Ended | Extract<Result, { kind: 'failed' }>> {
  const [program, ...words] = argv;
  if (options.signal.aborted) return failed('timeout', 'start', `${program} was not started: the time is over`);
  let child: ChildProcess;
  try {
    child = spawn(program, words, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: options.env ?? { ...ENVIRONMENT, PATH: searchPath(process.env['PATH']) },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
  } catch (error) {
    return notStarted(program, error);
  }
  const end = (): void => endChild(child);
  const forget = child.pid === undefined ? () => {} : keepGroup(child.pid);
  // The doctor may be ended from outside, or by its own last resort: nothing it started outlives it.
  process.once('exit', end);
  options.signal.addEventListener('abort', end, { once: true });
  try {
    return await collect(child, argv, options, end);
  } finally {
    options.signal.removeEventListener('abort', end);
    process.off('exit', end);
    // What the child itself may have left behind in its group.
    end();
    forget();
  }
}

/** The user's PATH and the system's. An empty or relative part would mean the folder the user happens to stand in. */
function searchPath(path: string | undefined): string {
  const parts = (path ?? '').split(':').filter((part) => part.startsWith('/'));
  return [...parts, PATH].join(':');
}

/** Node throws some of these (no memory, a sandbox that lets no process start) and tells of the others later. */
function notStarted(program: string, error: unknown): Extract<Result, { kind: 'failed' }> {
  const { code = 'ERROR' } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return failed('missing-tool', 'start', `${program}: not found on PATH`);
  return failed(code === 'EACCES' ? 'denied' : 'unreadable', 'start', `${program}: ${code}`);
}

function endChild(child: ChildProcess): void {
  if (child.pid === undefined) return;
  endGroup(child.pid);
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function collect(
  child: ChildProcess,
  [program]: Argv,
  { maxBytes = 1024 * 1024, onLine, onChunk }: Options,
  end: () => void,
): Promise<Ended | Extract<Result, { kind: 'failed' }>> {
  return new Promise((resolve) => {
    let cut = false;
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let kept = 0;
    const lines = onLine
      ? splitLines((line) => {
          if (cut || onLine(line)) return;
          cut = true;
          end();
        })
      : null;
    const stream = (from: 'stdout' | 'stderr', chunk: Buffer): void => {
      if (cut || onChunk?.(from, chunk) !== false) return;
      cut = true;
      end();
    };
    child.stdout?.on('data', (chunk: Buffer) => {
      if (onChunk) return stream('stdout', chunk);
      if (lines) return lines.push(chunk);
      // What was read before the pipe closed may still come.
      if (cut) return;
      stdout.push(chunk.subarray(0, maxBytes - kept));
      kept += chunk.length;
      if (kept <= maxBytes) return;
      cut = true;
      end();
    });
    let said = 0;
    child.stderr?.on('data', (chunk: Buffer) => {
      if (onChunk) return stream('stderr', chunk);
      if (said < MAX_STDERR_BYTES) stderr.push(chunk);
      said += chunk.length;
    });
    child.on('error', (error) => resolve(notStarted(program, error)));
    let draining: NodeJS.Timeout | undefined;
    child.on('exit', () => {
      draining = setTimeout(end, DRAIN_MS);
    });
    child.on('close', (code) => {
      clearTimeout(draining);
      lines?.flush();
      const text = Buffer.concat(stderr).toString('utf8');
      resolve({ kind: 'ended', code, stdout: Buffer.concat(stdout).toString('utf8'), stderr: clean(text), cut });
    });
  });
}

/** Cuts a byte stream into lines without ever holding more than one bounded line. */
function splitLines(onLine: (line: string) => void): { push: (chunk: Buffer) => void; flush: () => void } {
  let parts: Buffer[] = [];
  let length = 0;
  const keep = (chunk: Buffer): void => {
    if (length < MAX_LINE_BYTES) parts.push(chunk.subarray(0, MAX_LINE_BYTES - length));
    length += chunk.length;
  };
  const flush = (): void => {
    if (length > 0) onLine(Buffer.concat(parts).toString('utf8'));
    parts = [];
    length = 0;
  };
  return {
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
        keep(chunk.subarray(from, at));
        flush();
        from = at + 1;
      }
      keep(chunk.subarray(from));
    },
    flush,
  };
}
