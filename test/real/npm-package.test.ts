import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requireRootAnd } from './shell.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Other installers than npm. They are fetched for this test; the program needs neither. */
const INSTALLERS = ['pnpm@10.34.8', '@yarnpkg/cli-dist@4.18.1'];

/** A host without a network but its loopback device; the folder $1 is read-only. */
const CUT_OFF = 'ip link set lo up && mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"';

let folder: string;
let tarball: string;
const env = () => ({ PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: join(folder, 'home') });

/** Runs a program to its end, 60 s at most, and returns stdout. Throws if it fails. */
function run(argv: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = env()): string {
  const [program = '', ...words] = argv;
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    cwd,
    env: environment,
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  if (status !== 0) throw new Error(`${argv.join(' ')}: exit ${status}\n${error?.message ?? ''}${stdout}${stderr}`);
  return stdout;
}

/** A folder for a way to install, its name with blanks. */
function place(name: string): string {
  const path = join(folder, `a way with ${name}`);
  mkdirSync(path);
  return path;
}

/** Both programs, each called with `call`, print what they print from the repository; `installed` is read-only then. */
function expectBoth(installed: string, call: (bin: string) => readonly string[], cwd = folder): void {
  const cutOff = ['unshare', '--net', '--mount', 'sh', '-c', CUT_OFF, 'sh', installed];
  const said = (bin: string, ...words: string[]) => run([...cutOff, ...call(bin), ...words], cwd);
  for (const bin of ['jaco-doctor', 'jacqos-doctor'])
    expect(said(bin, '--version')).toMatch(new RegExp(`^${bin}/${version.replaceAll('.', '\\.')} `));
  expect(said('jaco-doctor', 'demo', 'quorum-lost')).toMatch(/^FAIL {2}quorum_lost/m);
  expect(said('jacqos-doctor', 'demo', 'cell-down')).toMatch(/^FAIL {2}runtime_cell_unavailable/m);
  const recording = readFileSync(join(root, 'test/recordings/healthy-leader.json'));
  writeFileSync(join(folder, 'node.json'), recording);
  const report = said('jaco-doctor', '--replay', join(folder, 'node.json'), '--format', 'json');
  const own = [process.execPath, join(root, 'bin/jaco-doctor.js'), '--replay', join(folder, 'node.json')];
  expect(report).toBe(run([...own, '--format', 'json'], folder));
}

beforeAll(() => {
  requireRootAnd('unshare', 'mount', 'ip');
  folder = mkdtempSync(join(tmpdir(), 'npm-package-'));
  const [packed] = JSON.parse(run(['npm', 'pack', '--json', '--pack-destination', folder], root, process.env));
  tarball = join(folder, packed.filename);
  run(
    ['npm', 'install', '--no-audit', '--no-fund', '--prefix', join(folder, 'tools'), ...INSTALLERS],
    folder,
    process.env,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tool = (name: string) => join(folder, 'tools/node_modules/.bin', name);

// Each installer is offline with an empty cache, so another package would not be found.
describe('the packed file runs without a network and from read-only folders', () => {
  test('after npm install --global, and through symbolic links to its bins', () => {
    const prefix = place('npm');
    const cache = join(folder, 'cache of npm');
    run(['npm', 'install', '--global', '--prefix', prefix, '--offline', '--cache', cache, tarball], folder);
    expectBoth(prefix, (bin) => [join(prefix, 'bin', bin)]);
    const links = place('links');
    for (const bin of ['jaco-doctor', 'jacqos-doctor']) symlinkSync(join(prefix, 'bin', bin), join(links, bin));
    expectBoth(prefix, (bin) => [join(links, bin)]);
  });

  test('with npx', () => {
    const cache = place('npx');
    const npx = ['npx', '--offline', '--yes', '--cache', cache, '--package', tarball];
    run([...npx, 'jaco-doctor', '--version'], folder);
    // npx writes into its own folders at each start, so only an empty folder is read-only here.
    expectBoth(place('nothing'), (bin) => [...npx, bin]);
  });

  test('with pnpm', () => {
    const project = place('pnpm');
    writeFileSync(join(project, 'package.json'), '{"name":"project","version":"1.0.0"}');
    run([tool('pnpm'), 'add', '--offline', '--store-dir', join(folder, 'store of pnpm'), tarball], project);
    expectBoth(project, (bin) => [join(project, 'node_modules/.bin', bin)]);
  });

  test('with yarn and Plug’n’Play', () => {
    const project = place('yarn');
    writeFileSync(join(project, 'package.json'), '{"name":"project","version":"1.0.0"}');
    writeFileSync(join(project, 'yarn.lock'), '');
    const settings = ['nodeLinker: pnp', 'enableNetwork: false', 'enableGlobalCache: false', 'enableTelemetry: false'];
    writeFileSync(join(project, '.yarnrc.yml'), settings.map((line) => `${line}\n`).join(''));
    run([tool('yarn'), 'add', `jaco-doctor@file:${tarball}`], project);
    expectBoth(project, (bin) => [tool('yarn'), bin], project);
  });
});
