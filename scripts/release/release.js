// Builds everything that a release consists of: npm run release [FOLDER]
// Two builds of the same commit are equal byte for byte (docs/release.md).
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { billOfMaterials } from './bill-of-materials.js';
import { buildPackages } from './build-packages.js';
import { buildSingleFile } from './build-single-file.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = resolve(process.argv[2] ?? join(root, 'build/release'));
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The time of the release, in seconds: that of the commit, if the caller names none. */
const epoch = Number(process.env.SOURCE_DATE_EPOCH ?? read('git', ['log', '-1', '--format=%ct']));

function read(program, words) {
  return execFileSync(program, words, { cwd: root, encoding: 'utf8' }).trim();
}

function run(program, ...words) {
  execFileSync(program, words, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The checksums of all files, as `sha256sum --check` reads them. */
function checksums() {
  const files = readdirSync(out).sort();
  const lines = files.map((file) => {
    const sum = createHash('sha256')
      .update(readFileSync(join(out, file)))
      .digest('hex');
    return `${sum}  ${file}\n`;
  });
  return lines.join('');
}

if (existsSync(out)) rmSync(out, { recursive: true });
mkdirSync(out, { recursive: true });

run('npm', 'run', '--silent', 'build');
run('npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', out);
for (const arch of ['x64', 'arm64']) {
  const path = await buildSingleFile({ arch, out: join(out, `${name}-${version}-linux-${arch}`) });
  // The number of threads is fixed, because xz writes another file with one thread than with several.
  run('xz', '--keep', '--threads=2', path);
  buildPackages({ arch, singleFile: path, out });
}
writeFileSync(join(out, `${name}-${version}.cdx.json`), billOfMaterials(epoch));
writeFileSync(join(out, 'SHA256SUMS'), checksums());

for (const file of readdirSync(out).sort())
  console.log(`${(statSync(join(out, file)).size / 1e6).toFixed(1).padStart(6)} MB  ${file}`);
