// Builds the program: the typed catalogue if its YAML changed, the bundle in dist/, and the manifests.
//   node scripts/build.js           write what differs, and print the changed paths
//   node scripts/build.js --check   exit 1 if a manifest is stale; writes nothing in the repository
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { bundleProgram } from './bundle-program.js';
import { bundledPackages } from './bundled-packages.js';
import { compile } from './compile-catalog.js';
import { manifestsOf } from './manifest.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The paths of all files below `folder`, relative to it; none if the folder does not exist. */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name).slice(folder.length + 1));
}

/** Every entry of the program by its path in dist/. oclif finds a command by the path of its file. */
function entries() {
  const commands = filesBelow(join(root, 'commands')).filter((path) => path.endsWith('.ts'));
  const named = commands.map((path) => [`commands/${path.slice(0, -3)}`, join(root, 'commands', path)]);
  return { entry: join(root, 'src/run-installed-bin.ts'), ...Object.fromEntries(named) };
}

/**
 * The prober is one file without imports. Node reads it from standard input inside a container's network
 * namespace, where no path of this host need exist.
 */
async function bundleProber() {
  const build = await rolldown({
    cwd: root,
    input: join(root, 'src/probes/io/prober/main.ts'),
    platform: 'node',
    transform: { target: 'es2022' },
  });
  try {
    const { output } = await build.generate({ format: 'esm', codeSplitting: false, minify: true });
    return output[0].code;
  } finally {
    await build.close();
  }
}

/** The expected files of dist/, by path. */
async function bundle() {
  const output = await bundleProgram(entries(), {
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  });
  const files = output.map((file) => [file.fileName, file.type === 'chunk' ? file.code : file.source]);
  const packages = bundledPackages(output.flatMap((file) => file.moduleIds ?? []));
  const licences = `${JSON.stringify(packages, null, 1)}\n`;
  return new Map([...files, ['prober.mjs', await bundleProber()], ['third-party-licenses.json', licences]]);
}

/**
 * Makes `folder` contain exactly `files`. Files that are up to date are not written, so that a running program is not
 * disturbed.
 */
function sync(folder, files) {
  let changed = 0;
  for (const stale of filesBelow(folder)) if (!files.has(stale)) rmSync(join(folder, stale));
  for (const [path, content] of files) changed += write(join(folder, path), content);
  return changed;
}

/** Writes a file unless it already has this content; returns the number of written files. */
function write(path, content) {
  if (existsSync(path) && readFileSync(path).equals(Buffer.from(content))) return 0;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return 1;
}

async function build() {
  for (const [path, text] of Object.entries(compile())) if (write(join(root, path), text)) console.log(`wrote ${path}`);
  const files = await bundle();
  const changed = sync(join(root, 'dist'), files);
  if (changed > 0) console.log(`wrote dist/ (${changed} of ${files.size} files)`);
  for (const [path, text] of Object.entries(await manifestsOf(root)))
    if (write(join(root, path), text)) console.log(`wrote ${path}`);
}

/** Builds in a temporary folder, so that the repository is only read. */
async function check() {
  const scratch = mkdtempSync(join(tmpdir(), 'build-check-'));
  try {
    copyFileSync(join(root, 'package.json'), join(scratch, 'package.json'));
    sync(join(scratch, 'dist'), await bundle());
    for (const [path, text] of Object.entries(await manifestsOf(scratch))) {
      const committed = join(root, path);
      if (existsSync(committed) && readFileSync(committed, 'utf8') === text) continue;
      console.error(`${path} is stale; run npm run build and commit it`);
      process.exitCode = 1;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

try {
  await (process.argv.includes('--check') ? check() : build());
} catch (problem) {
  // An error of the catalogue or of the bundler already names its location.
  const namesLocation = problem.constructor.name === 'CatalogError' || problem.errors;
  console.error(namesLocation ? problem.message : problem);
  process.exitCode = 1;
}
