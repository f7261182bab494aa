import { vault } from './vault.ts';

let isTripped = false;
let isLost = false;

/**
 * Whether a text may leave the process. If it contains a secret, stderr names the secret, and the exit code of the
 * process is 70 from then on.
 */
export function passesOutputGuard(text: string): boolean {
  const secretName = vault.leakIn(text);
  if (secretName === null) return true;
  isTripped = true;
  process.stderr.write(
    `secret_material_persisted: the output contained ${secretName}, so it was not written. Please report this bug\n`,
  );
  return false;
}

/** Records that something was not written, and says so on stderr. The exit code of the process is 70 from then on. */
export function noteLostOutput(message: string): void {
  isLost = true;
  process.stderr.write(`${message}\n`);
}

/** The exit code: the given one, or 70 if a secret reached a writer, or if output was lost. */
export function guardedExitCode(code: number): number {
  return isTripped || isLost ? 70 : code;
}

/** Makes stdout and stderr drop every text that contains a secret. */
export function guardOutput(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const createStream = Object.getOwnPropertyDescriptor(process, name)?.get;
    if (createStream === undefined) throw new Error(`process.${name} is not what Node has there`);
    let stream: NodeJS.WriteStream | null = null;
    // Node creates a stream on first use; most runs write nothing to stderr.
    const get = (): NodeJS.WriteStream => {
      stream ??= guardStream(createStream.call(process) as NodeJS.WriteStream, name);
      return stream;
    };
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get });
    // `console` may already have stdout, and then writes to it without reading the property again.
    if (name === 'stdout') get();
  }
}

function guardStream(stream: NodeJS.WriteStream, name: 'stdout' | 'stderr'): NodeJS.WriteStream {
  const { write } = stream;
  // A full disk behind stderr must not lose the report, and a reader that closed the pipe is not an error. This
  // listener comes first, because oclif throws in its own listener.
  stream.prependListener('error', ({ code }: NodeJS.ErrnoException) => {
    if (name === 'stdout' && code !== 'EPIPE') noteLostOutput(`stdout could not be written: ${code}`);
  });
  stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    return passesOutputGuard(text) ? write.call(stream, chunk, ...rest) : true;
  }) as typeof stream.write;
  return stream;
}
