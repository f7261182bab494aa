// Gives Node itself in a version that the project needs: to test with it, or to put the program into it.
//   node scripts/fetch-node.js VERSION...                print the path of each, in the order of the arguments
//   node scripts/fetch-node.js --supported               all versions that the program supports
//   node scripts/fetch-node.js --unsupported             versions that it must refuse
// scripts/node-versions.json pins every version by the checksum of its npm package.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The content of scripts/node-versions.json. */
export const nodeVersions = JSON.parse(readFileSync(new URL('node-versions.json', import.meta.url), 'utf8'));

/**
 * The path of the Node program of `version` for `arch` (x64 or arm64), with its LICENSE in the folder above. It is
 * downloaded once, with npm. Throws if the version is not pinned, if npm cannot get it, and if its checksum differs.
 */
export function fetchNode(version, arch = 'x64') {
  const spec = `node-linux-${arch}@${version}`;
  const integrity = nodeVersions.integrity[spec];
  if (integrity === undefined) throw new Error(`${spec} has no checksum in scripts/node-versions.json`);
  const home = join(root, 'build/node', `${version}-${arch}`);
  const program = join(home, 'bin/node');
  if (existsSync(program)) return program;

  mkdirSync(join(home, '..'), { recursive: true });
  // Only a complete download gets the final name, so that an interrupted one is repeated.
  const scratch = mkdtempSync(`${home}-`);
  try {
    execFileSync('npm', ['pack', '--silent', '--pack-destination', scratch, spec], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const archive = join(scratch, `node-linux-${arch}-${version}.tgz`);
    const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
    if (found !== integrity) throw new Error(`${spec} has the checksum ${found}, expected ${integrity}`);
    execFileSync('tar', ['-xzf', archive, '-C', scratch, 'package/bin/node', 'package/LICENSE']);
    renameSync(join(scratch, 'package'), home);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return program;
}

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  const wanted = process.argv
    .slice(2)
    .flatMap((word) => (word.startsWith('--') ? (nodeVersions[word.slice(2)] ?? [word]) : [word]));
  for (const version of wanted) console.log(fetchNode(version));
}
