import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';

const BYTES = 600_000;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stdout-'));
  const input = fileURLToPath(new URL('../../src/cli/stdout.ts', import.meta.url));
  const build = await rolldown({ input, platform: 'node' });
  await build.write({ file: join(folder, 'stdout.mjs'), format: 'esm' });
  await build.close();
  writeFileSync(
    join(folder, 'writer.mjs'),
    `import { writeStdout } from './stdout.mjs'; await writeStdout('x'.repeat(${BYTES}), Number(process.argv[2]));`,
  );
  execFileSync('mkfifo', [join(folder, 'done')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const shell = (line: string) => spawnSync('bash', ['-c', line, process.execPath], { cwd: folder, encoding: 'utf8' });

test('a slow reader gets the whole document', () => {
  // All of it takes longer than the limit, each part far less.
  const reader = 'for page in {1..10}; do sleep 0.15; head -c 65536; done | wc -c';
  const { stdout, stderr } = shell(`"$0" writer.mjs 1000 | (${reader})`);
  expect({ bytes: Number(stdout), stderr }).toEqual({ bytes: BYTES, stderr: '' });
});

test('a terminal with paused output gets the rest when it continues', () => {
  const { stdout } = shell(`script -qec "'$0' writer.mjs 150" /dev/null </dev/null | (sleep 1; wc -c)`);
  expect(Number(stdout)).toBe(BYTES);
});

test('a reader that does not read does not block the process, and is reported', () => {
  const { stderr } = shell('("$0" writer.mjs 150; echo >done) | cat done');
  expect(stderr).toBe('doctor: the reader of stdout does not read\n');
});
