import { AsyncLocalStorage } from 'node:async_hooks';
import { describeError } from './format.ts';
import { clean } from './text.ts';

/**
 * Called with what a probe or check did that it must not do: it printed, exited, threw, or left a rejection unhandled.
 */
type FaultHandler = (fault: string) => void;

const currentHandler = new AsyncLocalStorage<FaultHandler>();

/**
 * Runs a probe or a check. Calls `onFault` if it throws, prints, exits, or leaves a rejection outside its own promise.
 */
export function attributeFaults<T>(onFault: FaultHandler, run: () => T): T {
  return currentHandler.run(onFault, run);
}

class Forbidden extends Error {}

/** One handler for each run in progress. */
const unownedErrorHandlers = new Set<(error: unknown) => void>();
let uninstall: (() => void) | null = null;

/**
 * While the guard is installed, it prevents `process.exit` and writes to stdout or stderr from inside {@link
 * attributeFaults}, and reports them and uncaught errors to the handler there. `onUnownedError` gets the uncaught
 * errors from outside. Returns a function that removes the guard. Runs that overlap share one guard; with two guards,
 * removing the first would remove the second.
 */
export function installFaultGuard(onUnownedError: (error: unknown) => void): () => void {
  uninstall ??= install();
  unownedErrorHandlers.add(onUnownedError);
  return () => {
    if (!unownedErrorHandlers.delete(onUnownedError) || unownedErrorHandlers.size > 0) return;
    uninstall?.();
    uninstall = null;
  };
}

function install(): () => void {
  const { exit, stdout, stderr } = process;
  const writes = [stdout, stderr].map((stream) => [stream, stream.write] as const);
  process.exit = ((code?: number) => {
    const onFault = currentHandler.getStore();
    if (!onFault) return exit.call(process, code);
    onFault(`called process.exit(${code ?? ''})`);
    throw new Forbidden('process.exit');
  }) as typeof process.exit;
  for (const [stream, write] of writes) {
    stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
      const onFault = currentHandler.getStore();
      if (!onFault || isNodeDebugOutput(String(chunk))) return write.call(stream, chunk, ...rest);
      onFault(`printed: ${clean(String(chunk), 80)}`);
      return true;
    }) as typeof stream.write;
  }
  const restoreWarnings = printWarningsOutside();
  const onError = (error: unknown): void => {
    if (error instanceof Forbidden) return;
    const onFault = currentHandler.getStore();
    if (onFault) onFault(describeError(error));
    else for (const handle of unownedErrorHandlers) handle(error);
  };
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
  return () => {
    process.exit = exit;
    for (const [stream, write] of writes) stream.write = write;
    restoreWarnings();
    process.off('uncaughtException', onError);
    process.off('unhandledRejection', onError);
  };
}

/** With NODE_DEBUG, Node prints lines such as `NET 1234: …` from the code that runs at that moment. */
function isNodeDebugOutput(text: string): boolean {
  return process.env['NODE_DEBUG'] !== undefined && new RegExp(`^[A-Z0-9_]+ ${process.pid}: `).test(text);
}

/** The listeners that print Node's warnings while no guard is installed. */
let warningPrinters: ((warning: Error) => void)[] = [];

/**
 * Node prints its own warnings (NODE_TLS_REJECT_UNAUTHORIZED) from the code that runs at that moment, but they are not
 * a fault of that code. Returns a function that undoes this.
 */
function printWarningsOutside(): () => void {
  warningPrinters = process.listeners('warning');
  process.removeAllListeners('warning').on('warning', printOutside);
  return () => {
    process.off('warning', printOutside);
    for (const print of warningPrinters) process.on('warning', print);
  };
}

function printOutside(warning: Error): void {
  currentHandler.exit(() => {
    for (const print of warningPrinters) print(warning);
  });
}
