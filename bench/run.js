// Bundles the benchmark beside the program and runs it: `npm run bench`, or a part of it: `npm run bench -- replicas`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { buildSingleFile } from '../scripts/release/build-single-file.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'bench-program-'));
try {
  const build = await rolldown({
    cwd: join(here, '..'),
    platform: 'node',
    input: { main: join(here, 'main.ts'), 'stand-in': join(here, 'stand-in.ts') },
  });
  await build.write({ dir: out, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  await build.close();
  const bins = ['jaco', 'jacqos'].map((product) => join(here, `../bin/${product}-doctor.js`));
  const singleFile = await buildSingleFile({ arch: 'x64', out: join(out, 'jaco-doctor') });
  const words = [join(out, 'main.mjs'), join(out, 'stand-in.mjs'), ...bins, singleFile, ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
