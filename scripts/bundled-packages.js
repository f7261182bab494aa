// The packages whose modules are in a bundle, with their licences, which a program with their code must include.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The packages of the bundled modules with the paths `moduleIds`: name, version, SPDX expression, and the lines of
 * their licences. Sorted by name. Throws if a package states no licence.
 */
export function bundledPackages(moduleIds) {
  const folders = new Set(moduleIds.map(packageFolder).filter((folder) => folder !== null));
  const packages = [...folders].map((folder) => {
    const own = moduleIds.filter((id) => packageFolder(id) === folder);
    return describePackage(folder, own);
  });
  return packages.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** The folder of the package that a module belongs to; null for a module of this repository or of the bundler. */
function packageFolder(moduleId) {
  return /^\/.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(moduleId)?.[0] ?? null;
}

function describePackage(folder, moduleIds) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = licenceFiles(folder);
  // @bufbuild/protobuf has no such file: its sources start with their licence.
  if (texts.length === 0) texts.push(...licenceHeaders(moduleIds));
  if (!license || texts.length === 0) throw new Error(`${name} ${version} is bundled and states no licence`);
  return { name, version, license, text: texts.join('\n\n').split(/\r?\n/) };
}

function licenceFiles(folder) {
  const names = readdirSync(folder).filter((name) => /^(licence|license|copying|notice)/i.test(name));
  return names.sort().map((name) => readFileSync(join(folder, name), 'utf8').trimEnd());
}

/** The distinct comments at the start of modules that name the holder of the copyright. */
function licenceHeaders(moduleIds) {
  const headers = moduleIds.map((id) => /^(\/\/.*\n)*/.exec(readFileSync(id, 'utf8'))[0].replaceAll(/^\/\/ ?/gm, ''));
  return [...new Set(headers.filter((header) => /copyright/i.test(header)).map((header) => header.trimEnd()))].sort();
}
