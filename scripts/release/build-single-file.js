// Builds the single executable: the program inside a Node binary of the npm registry.
//   node scripts/release/build-single-file.js x64|arm64 OUT
// It must run after scripts/build.js, because it takes the manifests.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleProgram } from '../bundle-program.js';
import { fetchNode, nodeVersions } from '../fetch-node.js';
import { elfOf } from './read-elf.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The name under which Node looks for the program in its own executable, and the mark that it exists. */
const RESOURCE = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** For each architecture: its number in the ELF header, and the program that removes symbols from its executables. */
const ARCHITECTURES = {
  x64: { machine: 62, strip: 'x86_64-linux-gnu-strip', package: 'binutils' },
  arm64: { machine: 183, strip: 'aarch64-linux-gnu-strip', package: 'binutils-aarch64-linux-gnu' },
};

/**
 * Writes the executable for `arch` to `out` and returns its path. Throws if Node cannot be fetched, if a tool is
 * missing, or if the result is not as expected.
 */
export async function buildSingleFile({ arch, out }) {
  const { strip, package: debian, machine } = ARCHITECTURES[arch];
  const scratch = mkdtempSync(join(tmpdir(), 'single-file-'));
  try {
    const blob = await blobFor(scratch);
    const executable = join(scratch, 'node');
    copyFileSync(fetchNode(nodeVersions.singleFile, arch), executable);
    // Before the program is inserted: later, removing symbols would remove the program.
    try {
      execFileSync(strip, [executable], { stdio: ['ignore', 'inherit', 'inherit'] });
    } catch (error) {
      throw new Error(`${strip} failed; Debian has it in the package ${debian}: ${error.message}`);
    }
    const postject = join(root, 'node_modules/.bin/postject');
    // It warns of each note that it moves; an error has its output in the message.
    execFileSync(postject, [executable, RESOURCE, blob, '--sentinel-fuse', FUSE], { stdio: 'pipe' });
    const elf = elfOf(readFileSync(executable));
    if (elf.machine !== machine || !elf.notes.includes(RESOURCE))
      throw new Error(`the executable for ${arch} is not as expected: ${JSON.stringify(elf)}`);
    mkdirSync(dirname(out), { recursive: true });
    rmSync(out, { force: true });
    copyFileSync(executable, out);
    chmodSync(out, 0o755);
    return out;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * The path of what Node finds in itself and runs. It holds the program in parts, of which Node compiles those that it
 * needs.
 */
async function blobFor(scratch) {
  const chunks = await bundleProgram(
    { main: join(root, 'single-file/main.js') },
    { format: 'cjs', entryFileNames: '[name].js', chunkFileNames: '[name].js' },
  );
  for (const { fileName, code } of chunks) writeFileSync(join(scratch, fileName), code);
  copyFileSync(join(root, 'single-file/load-embedded.cjs'), join(scratch, 'load-embedded.cjs'));
  const config = {
    // Paths are in the result. They are relative, because two builds must be the same.
    main: 'load-embedded.cjs',
    output: 'blob',
    assets: Object.fromEntries(chunks.map(({ fileName }) => [fileName, fileName])),
    disableExperimentalSEAWarning: true,
    // NODE_OPTIONS is for other programs.
    execArgvExtension: 'none',
  };
  writeFileSync(join(scratch, 'config.json'), JSON.stringify(config));
  const { NODE_OPTIONS: _, ...env } = process.env;
  execFileSync(fetchNode(nodeVersions.singleFile), ['--experimental-sea-config', 'config.json'], {
    cwd: scratch,
    env,
    stdio: 'pipe',
  });
  return join(scratch, config.output);
}

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  const [arch = 'x64', out = join(root, 'build', `jaco-doctor-linux-${arch}`)] = process.argv.slice(2);
  console.log(await buildSingleFile({ arch, out: resolve(out) }));
}
