import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';

const BYTES = 600_000;
const LIMIT_MS = 150;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'write-out-'));
  const input = fileURLToPath(new URL('../../src/cli/write-out.ts', import.meta.url));
  const build = await rolldown({ input, platform: 'node' });
  await build.write({ file: join(folder, 'write-out.mjs'), format: 'esm' });
  await build.close();
  writeFileSync(
    join(folder, 'writer.mjs'),
    `import { writeOut } from './write-out.mjs'; await writeOut('x'.repeat(${BYTES}), ${LIMIT_MS});`,
  );
  // Takes a bufferful each 50 ms, so that the whole takes longer than the limit.
  writeFileSync(
    join(folder, 'reader.mjs'),
    `import { readSync } from 'node:fs';
     let bytes = 0;
     for (let read = -1; read !== 0; bytes += read) {
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
       read = readSync(0, Buffer.alloc(65_536));
     }
     console.log(bytes);`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const into = (reader: string) =>
  spawnSync('bash', ['-c', `"$0" writer.mjs | ${reader}`, process.execPath], { cwd: folder, encoding: 'utf8' });

test('a slow reader is given the whole document', () => {
  expect(into('"$0" reader.mjs')).toMatchObject({ stdout: `${BYTES}\n`, stderr: '' });
});

test('a terminal that somebody has stopped to read is given the rest when it goes on', () => {
  const line = `script -qec "'$0' writer.mjs" /dev/null </dev/null | (sleep 1; wc -c)`;
  const { stdout } = spawnSync('bash', ['-c', line, process.execPath], { cwd: folder, encoding: 'utf8' });
  expect(Number(stdout)).toBe(BYTES);
});

test('one that takes nothing keeps nobody, and is told', () => {
  expect(into('sleep 1')).toMatchObject({ stderr: 'doctor: stdout takes nothing\n' });
});
