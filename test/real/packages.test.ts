import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RealEngine } from './docker/engine.ts';
import { type Shell, shells } from './packages/completions.ts';
import { OLDER_FILE, olderPackage } from './packages/older-package.ts';
import { command, requireRootAnd, type Said } from './shell.ts';
import { EXECUTABLE } from './single-file/minimal-host.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
const licensed: readonly { name: string; version: string }[] = JSON.parse(
  readFileSync(join(repository, 'dist/third-party-licenses.json'), 'utf8'),
);

let folder: string;
/** A minimal Debian without Node. */
let root: string;
type Built = { readonly deb: string; readonly rpm: string };
let nfpm: string;
let built: Record<'x64' | 'arm64', Built>;

beforeAll(() => {
  requireRootAnd('debootstrap', 'dpkg', 'rpm', 'lintian', 'mandoc', 'man', 'zsh', 'fish');
  folder = mkdtempSync(join(tmpdir(), 'packages-'));
  root = join(folder, 'root');
  const release = (script: string, ...words: readonly string[]): readonly string[] => {
    const argv = [join(repository, 'scripts/release', script), ...words];
    const said = execFileSync(process.execPath, argv, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    return said.trim().split('\n');
  };
  const packages = (arch: 'x64' | 'arm64', executable: string): Built => {
    const [deb = '', rpm = ''] = release('build-packages.js', arch, executable, folder);
    return { deb, rpm };
  };
  const arm64 = join(folder, 'jaco-doctor-linux-arm64');
  release('build-single-file.js', 'arm64', arm64);
  built = { x64: packages('x64', EXECUTABLE), arm64: packages('arm64', arm64) };
  [nfpm = ''] = release('install-nfpm.js');
  const host = join(repository, 'test/real/packages/minimal-root.sh');
  execFileSync('bash', [host, root], { stdio: ['ignore', 'ignore', 'inherit'] });
}, 900_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command and gives stdout; throws if it fails. */
async function run(program: string, ...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr }: Said = await command(program, words);
  if (code !== 0) throw new Error(`${program} ${words.join(' ')}: exit ${code}\n${stdout}${stderr}`);
  return stdout;
}
const inRoot = (...words: readonly string[]) => run('chroot', root, ...words);

async function expectInstalled(): Promise<void> {
  for (const bin of ['jaco-doctor', 'jacqos-doctor'])
    expect(await inRoot(bin, '--version')).toMatch(new RegExp(`^${bin}/${version.replaceAll('.', '\\.')} `));
  expect(await inRoot('jaco-doctor', 'demo', 'quorum-lost')).toMatch(/^FAIL {2}quorum_lost/m);
  expect(await inRoot('jacqos-doctor', 'demo', 'cell-down')).toMatch(/^FAIL {2}runtime_cell_unavailable/m);
  expect(existsSync(join(root, OLDER_FILE))).toBe(false);
}

/** Every file of the root but those of the package databases and logs, and folders of the program itself. */
function filesOfRoot(): readonly string[] {
  const all = ['etc', 'usr', 'opt', 'home', 'root', 'var'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, withFileTypes: true }),
  );
  const own = all.filter((entry) => !entry.isDirectory() || entry.name.includes('doctor'));
  const paths = own.map((entry) => relative(root, join(entry.parentPath, entry.name)));
  return paths.filter((path) => !/^var\/(lib\/(dpkg|rpm)|log|cache)\//.test(path)).sort();
}

const rpm = (...words: readonly string[]) =>
  run('rpm', '--root', root, '--dbpath', '/var/lib/rpm', '--force-debian', ...words);

describe('on a minimal Debian without Node', () => {
  test('the .deb replaces an older one, both programs run, and nothing is left after its removal', async () => {
    const before = filesOfRoot();
    expect(existsSync(join(root, 'usr/bin/node'))).toBe(false);
    for (const path of [await olderPackage(nfpm, 'deb', folder), built.x64.deb])
      copyFileSync(path, join(root, 'tmp', basename(path)));
    await inRoot('dpkg', '--install', '/tmp/older.deb');
    expect(await inRoot('jaco-doctor')).toBe('0.0.1\n');
    await inRoot('dpkg', '--install', `/tmp/${basename(built.x64.deb)}`);
    await expectInstalled();
    // A database, a cache or a socket of the program would be here.
    await inRoot('dpkg', '--purge', 'jaco-doctor');
    expect(filesOfRoot()).toEqual(before);
  });

  // No package of the distribution is in this database, so rpm cannot resolve what the package requires.
  test('the .rpm replaces an older one, both programs run, and nothing is left after its removal', async () => {
    const before = filesOfRoot();
    await rpm('--install', '--nodeps', await olderPackage(nfpm, 'rpm', folder));
    expect(await inRoot('jaco-doctor')).toBe('0.0.1\n');
    await rpm('--upgrade', '--nodeps', built.x64.rpm);
    await expectInstalled();
    await rpm('--erase', 'jaco-doctor');
    expect(filesOfRoot()).toEqual(before);
  });
});

test('lintian finds no error in the .deb', () => {
  const said = spawnSync('lintian', ['--allow-root', '--fail-on', 'error', built.x64.deb], { encoding: 'utf8' });
  expect(said.status, said.stdout + said.stderr).toBe(0);
}, 300_000);

test('the packages require the libraries that Node loads, and name their architecture', async () => {
  for (const [arch, debian, redHat] of [
    ['x64', 'amd64', 'x86_64'],
    ['arm64', 'arm64', 'aarch64'],
  ] as const) {
    const fields = await run('dpkg-deb', '--field', built[arch].deb, 'Architecture', 'Version', 'Depends');
    expect(fields).toBe(
      `Architecture: ${debian}\nVersion: ${version}-1\nDepends: libc6 (>= 2.28), libgcc-s1 (>= 3.4), libstdc++6 (>= 5.2)\n`,
    );
    const said = await run('rpm', '-qp', '--qf', '%{ARCH} %{VERSION}\n[%{REQUIRENAME}\n]', built[arch].rpm);
    const [name, ...required] = said.trim().split('\n');
    expect(name).toBe(`${redHat} ${version}`);
    expect(required.sort()).toEqual([
      'libc.so.6(GLIBC_2.28)(64bit)',
      'libgcc_s.so.1()(64bit)',
      'libstdc++.so.6(GLIBCXX_3.4.21)(64bit)',
    ]);
  }
});

test('the package for arm64 holds the same files, and a program for arm64', async () => {
  const list = async (arch: 'x64' | 'arm64') => {
    const lines = (await run('dpkg-deb', '--contents', built[arch].deb)).trim().split('\n');
    return lines.map((line) => line.replace(/^(\S+)\s.*?(?=\.\/)/, '$1 '));
  };
  expect(await list('arm64')).toEqual(await list('x64'));
  expect((await list('x64')).join('\n')).toMatch(/^-rwxr-xr-x \.\/usr\/bin\/jaco-doctor$/m);
  await run('dpkg-deb', '--extract', built.arm64.deb, join(folder, 'arm64'));
  // The machine of an ELF file: 183 is AArch64.
  expect(readFileSync(join(folder, 'arm64/usr/bin/jaco-doctor')).readUInt16LE(18)).toBe(183);
});

test('the container image of the recipe holds the executable alone, and runs without a network', async () => {
  const engine = await RealEngine.start();
  try {
    const base = join(folder, 'base.tar');
    await run('tar', '--create', '--file', base, '--directory', root, '--one-file-system', '.');
    await engine.docker(['import', base, 'minimal']);
    const recipe = join(repository, 'packaging/Containerfile');
    const context = join(folder, 'context');
    mkdirSync(context);
    copyFileSync(EXECUTABLE, join(context, 'jaco-doctor-linux-x64'));
    await engine.docker(['build', '--build-arg', 'BASE=minimal', '--file', recipe, '--tag', 'doctor', context]);
    const inside = (...words: string[]) => engine.docker(['run', '--rm', '--network', 'none', 'doctor', ...words]);
    expect(await inside('--version')).toContain(`jaco-doctor/${version} `);
    expect(await inside('demo', 'quorum-lost')).toMatch(/^FAIL {2}quorum_lost/m);
  } finally {
    engine.close();
  }
});

describe('what the .deb brings beside the programs', () => {
  let unpacked: string;
  beforeAll(async () => {
    unpacked = join(folder, 'unpacked');
    await run('dpkg-deb', '--extract', built.x64.deb, unpacked);
  });

  test('the man page of each program is sound and has every flag of its help', async () => {
    for (const bin of ['jaco-doctor', 'jacqos-doctor']) {
      const page = join(unpacked, 'usr/share/man/man1', `${bin}.1.gz`);
      await run('mandoc', '-T', 'lint', '-W', 'warning', page);
      const shown = (await run('man', '--local-file', page)).replaceAll(/.\u0008/g, '');
      const help = await run(process.execPath, join(repository, 'bin', `${bin}.js`), '--help');
      const flags = [...help.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map((match) => match[1] ?? '');
      expect(flags.length).toBeGreaterThan(10);
      expect(flags.filter((flag) => !shown.includes(flag))).toEqual([]);
      expect(shown).toMatch(/EXIT STATUS[\s\S]*\n +70 +internal error/);
    }
  });

  test('the copyright file names every bundled package and Node', () => {
    const text = readFileSync(join(unpacked, 'usr/share/doc/jaco-doctor/copyright'), 'utf8');
    expect(licensed.length).toBeGreaterThan(50);
    for (const one of licensed) expect(text).toContain(`${one.name} ${one.version} (`);
    expect(text).toMatch(/^Node\.js 2\d\./m);
    expect(text).toContain('Copyright Node.js contributors');
  });

  test('the changelog starts with this version', async () => {
    const path = join(unpacked, 'usr/share/doc/jaco-doctor/changelog.Debian.gz');
    expect(await run('zcat', path)).toMatch(
      new RegExp(`^jaco-doctor \\(${version.replaceAll('.', '\\.')}-1\\) stable;`),
    );
  });

  const OFFERS = [
    ['jaco-doctor release', ['releases']],
    ['jaco-doctor --verb', ['--verbose']],
    ['jaco-doctor --format ', ['human', 'id', 'json']],
    ['jaco-doctor checks --format ', ['human', 'json']],
    ['jaco-doctor --only raft-q', ['raft-quorum']],
    ['jaco-doctor --only raft-quorum,dns-l', ['dns-listeners']],
    ['jaco-doctor explain quorum_l', ['quorum_lost']],
    ['jaco-doctor demo quorum-l', ['quorum-lost']],
    ['jacqos-doctor --skip act', ['activation']],
  ] as const;

  test.each(Object.entries(shells))(
    '%s completes commands, flags, their values, checks, ids and faults',
    async (_, ask) => {
      const offered: [string, readonly string[]][] = [];
      for (const [typed] of OFFERS) offered.push([typed, await lastNames(ask, typed)]);
      expect(offered).toEqual(OFFERS);
    },
  );

  /** bash and fish offer a whole list, zsh its last name. */
  const lastNames = async (ask: Shell, typed: string) =>
    (await ask(unpacked, typed)).map((offer) => offer.replace(/^.*,/, ''));
});
