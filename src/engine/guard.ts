import { AsyncLocalStorage } from 'node:async_hooks';
import { describe } from './describe.ts';
import { clean } from './text.ts';

/** What a probe or check did that only the doctor's own frame may do, or the error it left behind. */
type Blame = { readonly blame: (what: string) => void };

const current = new AsyncLocalStorage<Blame>();

/** Runs a probe or a check so that whatever it throws, prints, exits or leaves rejected is told to `blame`. */
export function blamed<T>(blame: (what: string) => void, run: () => T): T {
  return current.run({ blame }, run);
}

class Forbidden extends Error {}

/**
 * While installed, `process.exit` and writes to stdout or stderr from inside {@link blamed} code do not happen but are
 * blamed on it, and so are errors nobody catches. An error that belongs to nobody goes to `stray`. Returns the undo.
 */
export function installGuard(stray: (error: unknown) => void): () => void {
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
      if (!owner) return write.call(stream, chunk, ...rest);
      owner.blame(`printed: ${clean(String(chunk), 80)}`);
      return true;
    }) as typeof stream.write;
  }
  const undoWarnings = printWarningsAside();
  const onError = (error: unknown): void => {
    if (error instanceof Forbidden) return;
    const owner = current.getStore();
    if (owner) owner.blame(describe(error));
    else stray(error);
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

/** What prints Node's warnings while no guard is installed, and how many are: several may be, and end in any order. */
const aside: { guards: number; printers: ((warning: Error) => void)[] } = { guards: 0, printers: [] };

/** Node prints its own warnings (NODE_TLS_REJECT_UNAUTHORIZED) in whatever runs just then, which did not. Returns the undo. */
function printWarningsAside(): () => void {
  if (aside.guards === 0) {
    aside.printers = process.listeners('warning');
    process.removeAllListeners('warning').on('warning', printAside);
  }
  aside.guards += 1;
  return () => {
    aside.guards -= 1;
    if (aside.guards > 0) return;
    process.off('warning', printAside);
    for (const print of aside.printers) process.on('warning', print);
  };
}

function printAside(warning: Error): void {
  current.exit(() => {
    for (const print of aside.printers) print(warning);
  });
}
