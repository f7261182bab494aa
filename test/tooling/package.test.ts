import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const pjson = JSON.parse(text('package.json'));

/** They are loaded where an error is caught: by oclif for plugins in TypeScript and under yarn, and by its glob. */
const OPTIONAL = ['picomatch', 'pnpapi', 'ts-node', 'typescript'];

type Licensed = { name: string; license: string; text: string[] };
type Locked = { version: string; integrity?: string; resolved?: string; optionalDependencies?: Record<string, string> };

/** The packages that a bundled file imports or requires, without Node's own. */
function importedPackages(code: string): string[] {
  const specifiers = [
    ...code.matchAll(/(?:\bfrom|\bimport|\bimport\(|require\(|require\.resolve\()\s*["'`]([^"'`]+)["'`]/g),
  ];
  const packages = specifiers.map((match) => match[1] ?? '').filter((name) => /^[@\w]/.test(name));
  return packages.filter((name) => !isBuiltin(name) && !name.startsWith('node:'));
}

/** The packages of one table of docs/dependencies.md, sorted. */
function documentedPackages(heading: string): string[] {
  const [, section = ''] = text('docs/dependencies.md').split(`## ${heading}\n`);
  const [table = ''] = section.split('\n## ');
  return [...table.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1] ?? '').sort();
}

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  const unpacked = join(folder, 'package');
  let files: string[] = [];
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(() => {
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const [packed] = JSON.parse(
      execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
    files = packed.files.map((file: { path: string }) => file.path);
    execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', folder]);
  }, 30_000);

  it('contains the bins, the program and the manifest', () => {
    expect(files).toEqual(
      expect.arrayContaining([...Object.values<string>(pjson.bin), 'dist/entry.js', 'oclif.manifest.json']),
    );
    for (const product of ['jaco', 'jacqos']) expect(files).toContain(`dist/commands/${product}/doctor/index.js`);
    expect(files.filter((path) => path.startsWith('dist/chunks/')).length).toBeGreaterThan(2);
  });

  it('contains nothing else', () => {
    const expected =
      /^(bin\/|dist\/|oclif\.manifest\.json$|package\.json$|README\.md$|LICENSE$|src\/report\/report\.schema\.json$)/;
    expect(files.filter((path) => !expected.test(path))).toEqual([]);
  });

  it('depends on no package, in package.json and in its code', () => {
    const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(
      readFileSync(join(unpacked, 'package.json'), 'utf8'),
    );
    expect({ dependencies, optionalDependencies, peerDependencies }).toEqual({});
    const code = files.filter((path) => /\.m?js$/.test(path));
    const wanted = new Set(code.flatMap((path) => importedPackages(readFileSync(join(unpacked, path), 'utf8'))));
    expect([...wanted].sort()).toEqual(OPTIONAL);
  });

  it('contains the licence of each bundled package', () => {
    const licences: Licensed[] = JSON.parse(readFileSync(join(unpacked, 'dist/third-party-licenses.json'), 'utf8'));
    const direct = licences.map(({ name }) => name).filter((name) => name in pjson.devDependencies);
    expect(direct).toEqual(documentedPackages('In the program'));
    for (const { name, license, text } of licences)
      expect({ name, license, text: text.join('\n') }).toMatchObject({
        license: expect.stringMatching(/^\(?(MIT|ISC|Apache-2\.0|BSD-3-Clause|BlueOak-1\.0\.0)\b/),
        text: expect.stringMatching(/permi(t|ssion)|licensed?/i),
      });
  });

  it('names no folder of the machine it was built on', () => {
    const named = files.filter((path) => readFileSync(join(unpacked, path), 'utf8').includes(root));
    expect(named).toEqual([]);
  });

  it.each(Object.values<string>(pjson.bin))('runs unpacked without any node_modules: %s', (bin) => {
    const said = execFileSync(process.execPath, [join(unpacked, bin), '--version'], { cwd: folder, encoding: 'utf8' });
    expect(said).toContain(pjson.version);
  });

  it.each([
    ['oclif.manifest.json', 'dist/commands/jacqos/'],
    ['bin/jaco/oclif.manifest.json', 'dist/commands/jaco/'],
  ])('has a manifest with its version and of every command of one product: %s', (path, folder) => {
    const manifest = JSON.parse(readFileSync(join(unpacked, path), 'utf8'));
    const commands = files.filter((file) => file.startsWith(folder));
    const listed = Object.values<{ relativePath: string[] }>(manifest.commands).map((command) =>
      join(dirname(path), ...command.relativePath),
    );
    expect(manifest.version).toBe(pjson.version);
    expect(listed.sort()).toEqual(commands.sort());
  });
});

describe('the dependencies', () => {
  it('have a line each in docs/dependencies.md, and only they', () => {
    const documented = [...documentedPackages('In the program'), ...documentedPackages('For building and testing')];
    expect(documented.sort()).toEqual(Object.keys(pjson.devDependencies).sort());
  });

  it('are pinned, and the lock file names no registry', () => {
    const lock = JSON.parse(text('package-lock.json'));
    const versions = Object.values<string>(pjson.devDependencies);
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    const resolved = Object.entries<{ resolved?: string }>(lock.packages).filter(([, entry]) => entry.resolved);
    expect(resolved).toEqual([]);
  });

  // npm omits from the lock what a registry does not have, and `npm ci` then fails everywhere.
  it('are locked for every platform, each with its checksum', () => {
    const { '': _, ...locked } = JSON.parse(text('package-lock.json')).packages as Record<string, Locked>;
    const optional = Object.values(locked).flatMap((entry) => Object.entries(entry.optionalDependencies ?? {}));
    const absent = optional.filter(
      ([name, version]) =>
        !Object.entries(locked).some(
          ([path, entry]) =>
            path.endsWith(`node_modules/${name}`) && (entry.version === version || !/^\d/.test(version)),
        ),
    );
    expect(absent).toEqual([]);
    expect(Object.keys(locked).filter((path) => !locked[path]?.integrity)).toEqual([]);
  });
});
