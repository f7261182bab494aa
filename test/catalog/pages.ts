import { readFileSync } from 'node:fs';

/** The lines of a list in pages/: names that the published pages use. See the README there. */
export function listed(file: string): readonly string[] {
  const path = new URL(`./pages/${file}`, import.meta.url);
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}
