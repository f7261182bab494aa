import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How the built program ended. */
export type Ended = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
};

const binOf = (product: Product): string => fileURLToPath(new URL(`../../bin/${product}-doctor.js`, import.meta.url));

type Product = 'jaco' | 'jacqos';

/** Variables that would change the program if they leaked in from the environment of the tests. */
const LEAKING = /^(?:JACO_.*|JACQOS_.*|.*_proxy|NO_COLOR|FORCE_COLOR|COLUMNS|NODE_ENV|CI)$/i;

function environment(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const clean = Object.entries(process.env).filter(([name]) => !LEAKING.test(name));
  return { ...Object.fromEntries(clean), TERM: 'xterm', ...extra };
}

/** Starts the built bin with nothing on stdin; `ended` resolves with its exit code or signal. */
export function started(args: readonly string[]): {
  kill: (signal: NodeJS.Signals) => void;
  ended: Promise<number | string | null>;
} {
  const child = spawn(process.execPath, [binOf('jaco'), ...args], { env: environment({}), stdio: 'ignore' });
  const ended = new Promise<number | string | null>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  return { kill: (signal) => child.kill(signal), ended };
}

/** Runs the built bin to its end, as a user would: in its own process, with the given stdin or an empty one. */
export function doctor(
  args: readonly string[],
  {
    input = '',
    env = {},
    cwd = process.cwd(),
    product = 'jaco',
  }: { input?: string | Buffer; env?: NodeJS.ProcessEnv; cwd?: string; product?: Product } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [binOf(product), ...args], { env: environment(env), cwd });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return endOf(child);
}

/** A word for a shell, also between double quotes: a path may have blanks. */
export function quoted(word: string): string {
  return `'${word}'`;
}

/** Runs a shell line in which `$DOCTOR` is the built bin: for pipes and redirections. */
export function shell(
  line: string,
  {
    env = {},
    product = 'jaco',
    program = 'bash',
  }: { env?: NodeJS.ProcessEnv; product?: Product; program?: string } = {},
): Promise<Ended> {
  const doctor = [process.execPath, binOf(product)].map(quoted).join(' ');
  return endOf(spawn(program, ['-c', line.replaceAll('$DOCTOR', doctor)], { env: environment(env) }));
}

function endOf(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const began = performance.now();
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  }
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, ...said, ms: performance.now() - began }));
  });
}
