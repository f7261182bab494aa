import { type ChildProcess, spawn } from 'node:child_process';
import { failed, type Result } from '../../engine/outcome.ts';
import { clean } from '../../engine/text.ts';
import type { ProberCommand } from './prober/prober-command.ts';
import { killGroup, registerGroup } from './process-groups.ts';

/** The programs that the doctor may start, with their first arguments. All of them only read. */
export type Argv =
  | readonly ['systemctl', 'show', ...string[]]
  | readonly ['journalctl', ...string[]]
  | readonly ['nft', '-j', 'list', ...(readonly ['ruleset'] | readonly ['table', family: string, name: string])]
  // Without elements of sets.
  | readonly ['nft', '-t', 'list', 'ruleset']
  // Not `iptables-legacy -S`: that creates and takes /run/xtables.lock, and loads the table.
  | readonly ['iptables-save' | 'iptables-legacy-save']
  | readonly ['ipset', 'save']
  // Not `wg show … dump`, which prints private keys.
  | readonly ['wg', 'show', 'jaco0', 'latest-handshakes' | 'transfer' | 'allowed-ips']
  // Questions about routes are on its standard input, one on each line.
  | readonly ['ip', '-j', '-force', '-batch', '-']
  | readonly ['ip', '-j', 'addr', 'show']
  | readonly ['ip', '-j', '-d', 'link', 'show', 'dev', 'jaco0']
  // This program's own prober, inside a container's network namespace or as another user: it sends a few packets.
  | readonly ['nsenter', `--net=/proc/${number}/ns/net`, self: string, ...ProberCommand['words']]
  | readonly ['/proc/self/exe', ...ProberCommand['words']]
  // jacod, iptables and jacqos. `jacod version`, without dashes, would start a daemon.
  | readonly [program: string, '--version']
  // The two commands of JacqOS's documented triage; every other command may change something.
  | readonly [jacqos: string, 'cloud', 'readiness' | 'status', '--json'];

/** The output of a finished child. `cut`: it printed more than was kept. */
export type ChildResult = {
  readonly kind: 'ended';
  /** Exit code; null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly cut: boolean;
};

type ChildOptions = {
  readonly signal: AbortSignal;
  /** Most bytes of stdout that are kept; a child that prints more is killed. */
  readonly maxBytes?: number;
  /** Called with every whole line instead of keeping stdout; false kills the child. */
  readonly onLine?: (line: string) => boolean;
  /** Called with every chunk of both streams instead of keeping them; false kills the child. */
  readonly onChunk?: (from: 'stdout' | 'stderr', chunk: Buffer) => boolean;
  /** The working directory; by default that of the doctor. */
  readonly cwd?: string;
  /** What it reads on standard input; nothing if it is left out. */
  readonly input?: string;
  /** The user that it runs as; the default is the doctor's user. */
  readonly as?: { readonly uid: number; readonly gid: number };
  /** The whole environment, for a program that needs its user's environment. */
  readonly env?: { readonly [name: string]: string | undefined };
};

/** Time to drain the pipes of an ended child, in ms: a process that it left behind may keep them open. */
const DRAIN_MS = 250;

const MAX_STDERR_BYTES = 4096;
/** A longer line is cut. The limit of journald for a field is larger. */
const MAX_LINE_BYTES = 512 * 1024;

// A fixed environment, so that no variable of the user can colour, page, translate or redirect the output.
const ENVIRONMENT = {
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  SYSTEMD_COLORS: '0',
  SYSTEMD_PAGER: '',
  PAGER: 'cat',
  NO_COLOR: '1',
};
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Runs one of the allowed programs without a shell, in its own process group, which is killed when `signal` aborts. */
export async function runChild(
  argv: Argv,
  options: ChildOptions,
): Promise<ChildResult | Extract<Result, { kind: 'failed' }>> {
  const [program, ...args] = argv;
  if (options.signal.aborted) return failed('timeout', 'start', `${program} was not started: the run's time is over`);
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      detached: true,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      env: options.env ?? { ...ENVIRONMENT, PATH: searchPath(process.env['PATH']) },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...options.as,
    });
  } catch (error) {
    return startFailure(program, error);
  }
  // If a child ends before it has read its input, the pipe breaks. Its exit code says more.
  child.stdin?.on('error', () => {}).end(options.input);
  const killChild = (): void => killChildGroup(child);
  const unregister = child.pid === undefined ? () => {} : registerGroup(child.pid);
  // Nothing that the doctor starts may outlive it, even if it is ended early.
  process.once('exit', killChild);
  options.signal.addEventListener('abort', killChild, { once: true });
  try {
    return await collect(child, argv, options, killChild);
  } finally {
    options.signal.removeEventListener('abort', killChild);
    process.off('exit', killChild);
    // Processes that the child left behind in its group.
    killChild();
    unregister();
  }
}

/** The PATH of the user and of the system, without empty or relative entries, which mean the working directory. */
function searchPath(path: string | undefined): string {
  const parts = (path ?? '').split(':').filter((part) => part.startsWith('/'));
  return [...parts, PATH].join(':');
}

/** Node throws some of these errors (no memory, a sandbox) and emits the others later. */
function startFailure(program: string, error: unknown): Extract<Result, { kind: 'failed' }> {
  const { code = 'ERROR' } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT')
    return failed('missing-tool', 'start', `${program}: not found on PATH`, null, { kind: 'install', program });
  return failed(code === 'EACCES' ? 'denied' : 'unreadable', 'start', `${program}: ${code}`);
}

function killChildGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  killGroup(child.pid);
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function collect(
  child: ChildProcess,
  [program]: Argv,
  { maxBytes = 1024 * 1024, onLine, onChunk }: ChildOptions,
  killChild: () => void,
): Promise<ChildResult | Extract<Result, { kind: 'failed' }>> {
  return new Promise((resolve) => {
    let cut = false;
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let stdoutBytes = 0;
    const lines = onLine
      ? splitLines((line) => {
          if (cut || onLine(line)) return;
          cut = true;
          killChild();
        })
      : null;
    const forward = (from: 'stdout' | 'stderr', chunk: Buffer): void => {
      if (cut || onChunk?.(from, chunk) !== false) return;
      cut = true;
      killChild();
    };
    child.stdout?.on('data', (chunk: Buffer) => {
      if (onChunk) return forward('stdout', chunk);
      if (lines) return lines.push(chunk);
      // Data that was read before the pipe closed may still arrive.
      if (cut) return;
      stdout.push(chunk.subarray(0, maxBytes - stdoutBytes));
      stdoutBytes += chunk.length;
      if (stdoutBytes <= maxBytes) return;
      cut = true;
      killChild();
    });
    let stderrBytes = 0;
    child.stderr?.on('data', (chunk: Buffer) => {
      if (onChunk) return forward('stderr', chunk);
      if (stderrBytes < MAX_STDERR_BYTES) stderr.push(chunk);
      stderrBytes += chunk.length;
    });
    child.on('error', (error) => resolve(startFailure(program, error)));
    let drainTimer: NodeJS.Timeout | undefined;
    child.on('exit', () => {
      drainTimer = setTimeout(killChild, DRAIN_MS);
    });
    child.on('close', (code) => {
      clearTimeout(drainTimer);
      lines?.flush();
      const text = Buffer.concat(stderr).toString('utf8');
      resolve({ kind: 'ended', code, stdout: Buffer.concat(stdout).toString('utf8'), stderr: clean(text), cut });
    });
  });
}

/** Splits a byte stream into lines, holding at most one bounded line. */
function splitLines(onLine: (line: string) => void): { push: (chunk: Buffer) => void; flush: () => void } {
  let parts: Buffer[] = [];
  let length = 0;
  const append = (chunk: Buffer): void => {
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
        append(chunk.subarray(from, at));
        flush();
        from = at + 1;
      }
      append(chunk.subarray(from));
    },
    flush,
  };
}
