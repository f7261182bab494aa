import { AsyncLocalStorage } from 'node:async_hooks';
import { describeError } from './format.ts';
import { clean } from './text.ts';

/** What a probe or check did that only the doctor's own frame may do, or the error it left behind. */
type Blame = { readonly blame: (what: string) => void };

const current = new AsyncLocalStorage<Blame>();

/** Runs a probe or a check so that whatever it throws, prints, exits or leaves rejected is told to `blame`. */
export function withBlame<T>(blame: (what: string) => void, run: () => T): T {
  return current.run({ blame }, run);
}

class Forbidden extends Error {}

/** Who is told of an error that belongs to no probe: every run that is under way. */
const strays = new Set<(error: unknown) => void>();
let takeDown: (() => void) | null = null;

/**
 * While installed, `process.exit` and writes to stdout or stderr from inside {@link withBlame} code do not happen but are
 * blamed on it, and so are errors nobody catches. An error that belongs to nobody goes to `stray`. Returns the undo. Runs
 * that overlap share one guard, or the undo of the first would take the other's away.
 */
export function installGuard(stray: (error: unknown) => void): () => void {
  takeDown ??= putUp();
  strays.add(stray);
  return () => {
    if (!strays.delete(stray) || strays.size > 0) return;
    takeDown?.();
    takeDown = null;
  };
}

function putUp(): () => void {
  const { exit, stdout, stderr } = process;
  const writes = [stdout, stderr].map((stream) => [stream, stream.write] as const);
  process.exit = ((code?: number) => {
    const owner = current.getStore();
    if (!owner) return exit.call(process, code);
    owner.blame(`called process.exit(${code ?? ''})`);
    throw new Forbidden('process.exit');
  }) as typeof process.exit;
  for (const [stream, write] of writes) {
    stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
      const owner = current.getStore();
      if (!owner || isNodesOwn(String(chunk))) return write.call(stream, chunk, ...rest);
      owner.blame(`printed: ${clean(String(chunk), 80)}`);
      return true;
    }) as typeof stream.write;
  }
  const undoWarnings = printWarningsAside();
  const onError = (error: unknown): void => {
    if (error instanceof Forbidden) return;
    const owner = current.getStore();
    if (owner) owner.blame(describeError(error));
    else for (const stray of strays) stray(error);
  };
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  return () => {
    process.exit = exit;
    for (const [stream, write] of writes) stream.write = write;
    undoWarnings();
    process.off('uncaughtException', onError);
    process.off('unhandledRejection', onError);
  };
}

/** Under NODE_DEBUG Node tells what it does in whatever runs just then, as `NET 1234: …`. */
function isNodesOwn(text: string): boolean {
  return process.env['NODE_DEBUG'] !== undefined && new RegExp(`^[A-Z0-9_]+ ${process.pid}: `).test(text);
}

/** What prints Node's warnings while no guard is installed. */
let printers: ((warning: Error) => void)[] = [];

/** Node prints its own warnings (NODE_TLS_REJECT_UNAUTHORIZED) in whatever runs just then, which did not. Returns the undo. */
function printWarningsAside(): () => void {
  printers = process.listeners('warning');
  process.removeAllListeners('warning').on('warning', printAside);
  return () => {
    process.off('warning', printAside);
    for (const print of printers) process.on('warning', print);
  };
}

function printAside(warning: Error): void {
  current.exit(() => {
    for (const print of printers) print(warning);
  });
}
