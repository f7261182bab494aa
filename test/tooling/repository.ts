import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const FOLDERS = ['.ci', 'bench', 'bin', 'checks', 'commands', 'docs', 'proto', 'scripts', 'src', 'test'];
/** Generated text, and captures of real nodes. */
const NOT_WRITTEN = /^(src\/catalog\/generated|test\/(captures|golden|recordings|catalog\/pages))\//;

/** Every text file that people write, by its path in the repository. */
export function writtenFiles(): ReadonlyMap<string, string> {
  const below = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  );
  const top = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  const text = /\.(md|ts|js|cjs|yaml|sh|proto)$/;
  return new Map(
    [...top, ...below]
      .filter((path) => (text.test(path) || path === '.ci/run') && !NOT_WRITTEN.test(path))
      .sort()
      .map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]),
  );
}

/** The documents among them. */
export function documents(): ReadonlyMap<string, string> {
  return new Map([...writtenFiles()].filter(([path]) => path.endsWith('.md')));
}

export function exists(path: string): boolean {
  return existsSync(join(ROOT, path));
}
