import { type ChildProcess, execFile, spawnSync } from 'node:child_process';
import type { Report } from '../../src/report/report.ts';

/** The PATH for programs; nothing of the caller's environment reaches them. */
export const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The output of a command. */
export type Said = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** One run of the doctor. `ms` is the whole process, as the caller waits for it. */
export type Run = Said & { readonly report: Report; readonly ms: number };

/** Fails, and does not skip, if the machine cannot run these tests: CI must not pass without running them. */
export function requireRootAnd(...programs: readonly string[]): void {
  if (process.getuid?.() !== 0) throw new Error('test/real needs root');
  for (const program of programs) {
    if (spawnSync('which', [program], { env: { PATH } }).status !== 0)
      throw new Error(`${program} is missing: scripts/install-real.sh installs what test/real needs`);
  }
}

/** Runs a program to its end, 60 s at most; returns its output for any exit code. */
export function command(
  program: string,
  words: readonly string[],
  started: (child: ChildProcess) => void = () => {},
): Promise<Said> {
  return new Promise((resolve, reject) => {
    const options = { timeout: 60_000, killSignal: 'SIGKILL', maxBuffer: 256 * 1024 * 1024, env: { PATH } } as const;
    const child = execFile(program, words, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (error?.killed) reject(new Error(`${program} ${words.join(' ')}: no end within 60 s\n${stdout}${stderr}`));
      else if (code === undefined || typeof code === 'string') reject(error);
      else resolve({ code, stdout, stderr });
    });
    started(child);
  });
}

/** Waits for a condition, with a limit. */
export async function until(what: string, holds: () => Promise<boolean>, limitMs = 30_000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Runs the doctor, which must give a JSON report. */
export async function runDoctor(
  run: (argv: readonly string[]) => Promise<Said>,
  argv: readonly string[],
): Promise<Run> {
  const started = performance.now();
  const said = await run([...argv, '--format', 'json']);
  const ms = Math.round(performance.now() - started);
  try {
    return { ...said, ms, report: JSON.parse(said.stdout) as Report };
  } catch {
    throw new Error(`the doctor gave no report, exit ${said.code}: ${said.stdout}${said.stderr}`);
  }
}
