import { vault } from './vault.ts';

let tripped = false;

/**
 * Whether a text may leave the process. One that holds a secret may not: what it would have given away is said on stderr,
 * and the exit code of the process is 70 from then on, whatever else comes.
 */
export function mayLeave(text: string): boolean {
  const what = vault.leakIn(text);
  if (what === null) return true;
  tripped = true;
  process.stderr.write(
    `secret_material_persisted: what was about to be written holds ${what}, so it was not written. Please report this bug\n`,
  );
  return false;
}

/** The code to leave with: the given one, unless a secret reached a writer. */
export function exitCodeAfter(code: number): number {
  return tripped ? 70 : code;
}

/** From now on stdout and stderr take nothing that holds a secret, whoever writes to them. */
export function armTripwire(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const lazy = Object.getOwnPropertyDescriptor(process, name)?.get;
    if (lazy === undefined) throw new Error(`process.${name} is not what Node has there`);
    let stream: NodeJS.WriteStream | null = null;
    // Node makes a stream when it is first asked for, which takes ms that --version does not have.
    const get = (): NodeJS.WriteStream => {
      stream ??= guarded(lazy.call(process) as NodeJS.WriteStream);
      return stream;
    };
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get });
  }
}

function guarded(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const { write } = stream;
  // A full disk behind it is no reason to lose the report.
  stream.on('error', () => {});
  stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    return mayLeave(text) ? write.call(stream, chunk, ...rest) : true;
  }) as typeof stream.write;
  return stream;
}
