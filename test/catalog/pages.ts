import { readFileSync } from 'node:fs';

/** The lines of a list in pages/: names that the published pages use. See the README there. */
export function listed(file: string): readonly string[] {
  const path = new URL(`./pages/${file}`, import.meta.url);
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** A catalogue's source, for what is only a comment there. */
export function catalogSource(product: 'jaco' | 'jacqos'): string {
  return readFileSync(new URL(`../../src/catalog/${product}.yaml`, import.meta.url), 'utf8');
}
