import { basename, dirname, join } from 'node:path';
import { listFolder, readText } from '../../../io/files.ts';
import type { EnvironmentFile } from './config-source.ts';

/** Reads the files of EnvironmentFile=, each a path or a pattern of names in one folder, in systemd's order. */
export async function readEnvironmentFiles(patterns: readonly string[]): Promise<readonly EnvironmentFile[]> {
  const files = await Promise.all(patterns.map(async (pattern) => Promise.all((await expand(pattern)).map(readOne))));
  return files.flat();
}

async function readOne(path: string): Promise<EnvironmentFile> {
  const read = await readText(path);
  if (read.kind === 'text') return { path, kind: 'text', text: read.text };
  const { why, detail } = read.failure;
  return why === 'absent' ? { path, kind: 'text', text: null } : { path, kind: 'denied', detail };
}

/** The files that a pattern such as `/etc/default/jaco*` matches, by name as glob(3) sorts them. */
async function expand(pattern: string): Promise<readonly string[]> {
  if (!/[*?[]/.test(basename(pattern))) return [pattern];
  const folder = dirname(pattern);
  const listed = await listFolder(folder);
  if (listed.kind === 'failed') return [];
  const source = basename(pattern)
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  return listed.names.filter((name) => matches(source, name)).map((name) => join(folder, name));
}

function matches(source: string, name: string): boolean {
  try {
    return !name.startsWith('.') && new RegExp(`^${source}$`, 's').test(name);
  } catch {
    return false;
  }
}
