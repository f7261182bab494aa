import { execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A user and a group without a name. */
export const UNNAMED_ID = 54_321;

/** The built program, and Node, at a path that every user can reach: this repository may be in a private folder. */
export type ReachableCopy = {
  readonly folder: string;
  readonly node: string;
  readonly bin: (product: 'jaco' | 'jacqos') => string;
  readonly remove: () => void;
};

/** Copies the published files to a folder that every user may enter. */
export function reachableCopy(): ReachableCopy {
  const folder = mkdtempSync(join(openFolder(), 'doctor for all '));
  chmodSync(folder, 0o755);
  const program = join(folder, 'program');
  mkdirSync(program);
  for (const part of ['bin', 'dist', 'package.json', 'oclif.manifest.json'])
    cpSync(join(root, part), join(program, part), { recursive: true });
  const node = isOpen(process.execPath) ? process.execPath : join(folder, 'node');
  if (node !== process.execPath) copyFileSync(process.execPath, node, constants.COPYFILE_FICLONE);
  // The repository may have been cloned with a umask of 077.
  execFileSync('chmod', ['-R', 'go+rX', program]);
  return {
    folder,
    node,
    bin: (product) => join(program, `bin/${product}-doctor.js`),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** A folder for temporary files that every user may enter: TMPDIR may belong to one user. */
function openFolder(): string {
  return [tmpdir(), '/tmp', '/var/tmp'].find((folder) => isOpen(folder) && isWritable(folder)) ?? tmpdir();
}

/** Whether every user may enter the folders above a path, and execute or enter it. */
function isOpen(path: string): boolean {
  for (let at = resolve(path); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
