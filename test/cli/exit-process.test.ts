import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';

const source = fileURLToPath(new URL('../../src/cli/exit-process.ts', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'exit-process-'));
  const build = await rolldown({ input: source, platform: 'node' });
  await build.write({ file: join(folder, 'exit-process.mjs'), format: 'esm' });
  await build.close();
  execFileSync('mkfifo', [join(folder, 'no-writer')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a program that exits itself; gives up after 8 s, which counts as never. */
function run(program: string): { code: number | null; signal: string | null; ms: number; stderr: string } {
  const file = join(folder, 'program.mjs');
  writeFileSync(
    file,
    `import { forceExitAfter, exitProcess } from './exit-process.mjs';\nimport { open } from 'node:fs/promises';\n${program}`,
  );
  const began = performance.now();
  const { status, signal, stderr } = spawnSync(process.execPath, [file], {
    timeout: 8_000,
    killSignal: 'SIGTERM',
    encoding: 'utf8',
  });
  return { code: status, signal, ms: performance.now() - began, stderr };
}

test('the exit code is the one given', () => {
  expect(run('exitProcess(3);')).toMatchObject({ code: 3, signal: null });
});

test('a file system that never answers does not keep the process alive, and the intended exit code is printed', () => {
  const ended = run("void open(new URL('no-writer', import.meta.url)); setTimeout(() => exitProcess(1), 50);");
  expect(ended).toMatchObject({ signal: 'SIGKILL' });
  expect(ended.stderr).toMatch(/a file system of this host hangs; the process kills itself, the exit code would be 1/);
});

test('code that never returns does not keep the process alive either', () => {
  expect(run('forceExitAfter(300); setTimeout(() => { for (;;); }, 20);')).toMatchObject({ signal: 'SIGKILL' });
});

test('a report that is being written is not cut off, and one that never comes is', () => {
  const busy = 'const until = performance.now() + 1_000; while (performance.now() < until);';
  const told = `const looked = forceExitAfter(100); setTimeout(() => { looked(); ${busy} console.error('told'); exitProcess(0); }, 20);`;
  expect(run(told)).toMatchObject({ code: 0, signal: null, stderr: 'told\n' });
  const stuck = 'const looked = forceExitAfter(100); setTimeout(() => { looked(); for (;;); }, 20);';
  expect(run(stuck)).toMatchObject({ signal: 'SIGKILL' });
});

test('nor is one whose reader takes it slowly, as a serial line does', () => {
  const slowly = 'setInterval(telling, 200); setTimeout(() => { console.error("told"); exitProcess(0); }, 4_200);';
  expect(run(`const telling = forceExitAfter(100); telling(); ${slowly}`)).toMatchObject({ code: 0, stderr: 'told\n' });
});

test('if no thread can be started, the process ends itself', () => {
  const noThreads = `import threads from 'node:worker_threads'; import { syncBuiltinESMExports } from 'node:module';
    threads.Worker = class { constructor() { throw new Error('EAGAIN'); } }; syncBuiltinESMExports();`;
  expect(run(`${noThreads} process.exitCode = 1; forceExitAfter(100); setInterval(() => {}, 1000);`)).toMatchObject({
    code: 1,
    stderr: '',
  });
});

test('if the process only waits, it ends itself with the verdict’s code', () => {
  expect(run('process.exitCode = 1; forceExitAfter(100); setInterval(() => {}, 1000);')).toMatchObject({
    code: 1,
    signal: null,
  });
});
