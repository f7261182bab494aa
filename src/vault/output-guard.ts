import { vault } from './vault.ts';

let isTripped = false;

/**
 * Whether a text may leave the process. If it holds a secret, stderr names the secret and the exit code of the process
 * is 70 from then on.
 */
export function passesOutputGuard(text: string): boolean {
  const secretName = vault.leakIn(text);
  if (secretName === null) return true;
  isTripped = true;
  process.stderr.write(
    `secret_material_persisted: what was about to be written holds ${secretName}, so it was not written. Please report this bug\n`,
  );
  return false;
}

/** The exit code: the given one, or 70 if a secret reached a writer. */
export function guardedExitCode(code: number): number {
  return isTripped ? 70 : code;
}

/** Makes stdout and stderr drop every text that holds a secret. */
export function guardOutput(): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const createStream = Object.getOwnPropertyDescriptor(process, name)?.get;
    if (createStream === undefined) throw new Error(`process.${name} is not what Node has there`);
    let stream: NodeJS.WriteStream | null = null;
    // Node creates a stream on first use, and --version has no time for that.
    const get = (): NodeJS.WriteStream => {
      stream ??= guardStream(createStream.call(process) as NodeJS.WriteStream);
      return stream;
    };
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get });
  }
}

function guardStream(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  const { write } = stream;
  // A full disk behind one stream must not lose the report.
  stream.on('error', () => {});
  stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    return passesOutputGuard(text) ? write.call(stream, chunk, ...rest) : true;
  }) as typeof stream.write;
  return stream;
}
