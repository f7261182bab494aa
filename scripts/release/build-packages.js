// Builds the .deb and the .rpm around a single executable.
//   node scripts/release/build-packages.js x64|arm64 SINGLE_FILE OUT_FOLDER
// It must run after scripts/build.js, because man pages, completions and licences come from what that builds.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parse } from 'yaml';
import { fetchNode, nodeVersions } from '../fetch-node.js';
import { bashCompletion } from './bash-completion.js';
import { commandLine, programs } from './command-line.js';
import { fishCompletion } from './fish-completion.js';
import { installNfpm } from './install-nfpm.js';
import { manPage } from './man-page.js';
import { packageChangelog, releases } from './package-changelog.js';
import { packageLicences } from './package-licences.js';
import { zshCompletion } from './zsh-completion.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const config = join(root, 'packaging/nfpm.yaml');

/** What Node calls an architecture, and what nfpm does. */
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };

/**
 * Writes the .deb and the .rpm for `arch` (x64 or arm64) to the folder `out` and gives their paths. `singleFile` is the
 * path of the executable. Equal input gives equal bytes. Throws if nfpm cannot be installed or refuses.
 */
export function buildPackages({ arch, singleFile, out }) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [{ date }] = releases(version);
  const nfpm = installNfpm();
  const stage = mkdtempSync(join(tmpdir(), 'packages-'));
  try {
    writeStage(stage, version, date, arch);
    mkdirSync(out, { recursive: true });
    const env = {
      ...process.env,
      ARCH: ARCHITECTURES[arch],
      VERSION: version,
      SINGLE_FILE: resolve(singleFile),
      SOURCE_DATE_EPOCH: String(Date.parse(date) / 1000),
    };
    return ['deb', 'rpm'].map((packager) => {
      const path = resolve(out, nameOf(packager, version, arch));
      const args = ['package', '--config', config, '--packager', packager, '--target', path];
      const { status, stdout, stderr } = spawnSync(nfpm, args, { cwd: stage, env, encoding: 'utf8' });
      if (status !== 0) throw new Error(`nfpm made no ${packager}: ${stdout}${stderr}`);
      return path;
    });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** The names that dpkg and rpm give a package. */
function nameOf(packager, version, arch) {
  if (packager === 'deb') return `jaco-doctor_${version}-1_${ARCHITECTURES[arch]}.deb`;
  return `jaco-doctor-${version}-1.${arch === 'x64' ? 'x86_64' : 'aarch64'}.rpm`;
}

/** Writes the files that the packages hold beside the executable. */
function writeStage(stage, version, date, arch) {
  const write = (name, content) => writeFileSync(join(stage, name), content);
  for (const bin of Object.keys(programs)) {
    const line = commandLine(bin);
    write(`${bin}.1.gz`, gzipSync(manPage(line, date), { level: 9 }));
    write(`${bin}.bash`, bashCompletion(line));
    write(`_${bin}`, zshCompletion(line));
    write(`${bin}.fish`, fishCompletion(line));
  }
  copyFileSync(join(root, 'CHANGELOG.md'), join(stage, 'CHANGELOG.md'));
  copyFileSync(join(root, 'packaging/lintian-overrides'), join(stage, 'lintian-overrides'));
  const licence = join(dirname(fetchNode(nodeVersions.singleFile, arch)), '../LICENSE');
  write('copyright', packageLicences(nodeVersions.singleFile, licence));
  write('changelog.yaml', packageChangelog(version, parse(readFileSync(config, 'utf8')).maintainer));
}

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  const [arch = 'x64', singleFile, out = join(root, 'build')] = process.argv.slice(2);
  console.log(buildPackages({ arch, singleFile, out: resolve(out) }).join('\n'));
}
