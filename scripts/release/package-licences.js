// The copyright file of the packages: the licences of the doctor, of each package in its bundle, and of Node.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The text. `node` is the version of Node in the executable, `nodeLicence` the path of its LICENSE. */
export function packageLicences(node, nodeLicence) {
  const read = (path) => readFileSync(path, 'utf8').trimEnd();
  const bundled = JSON.parse(readFileSync(join(root, 'dist/third-party-licenses.json'), 'utf8'));
  // Many packages have the same text.
  const texts = new Map();
  for (const { name, version, license, text } of bundled) {
    const key = text.join('\n');
    texts.set(key, [...(texts.get(key) ?? []), `${name} ${version} (${license})`]);
  }
  const sections = [
    'This is the Debian and RPM package of jaco-doctor and jacqos-doctor.',
    read(join(root, 'LICENSE')),
    'The executable also holds the software below, with its copyright notices and licences. On Debian,\n/usr/share/common-licenses also has the texts of the Apache License and of the GPL.',
    ...[...texts].map(([text, names]) => `${heading(names)}\n\n${text}`),
    `${heading([`Node.js ${node}`])}\n\n${read(nodeLicence)}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

const heading = (names) => `${'-'.repeat(78)}\n${names.join('\n')}\n${'-'.repeat(78)}`;
