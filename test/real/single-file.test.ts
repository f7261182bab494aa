import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXECUTABLE, MinimalHost, REPOSITORY, run, runInstalled } from './single-file/minimal-host.ts';

const recording = (name: string) => readFileSync(join(REPOSITORY, 'test/recordings', `${name}.json`), 'utf8');
const USERS = ['root', 'nobody'] as const;

let host: MinimalHost;
beforeAll(async () => {
  host = await MinimalHost.install();
});
afterAll(() => host?.remove());

describe.each(USERS)('a node without Node, /tmp, a home and a disk that can be written: as %s', (user) => {
  it('has no Node', async () => {
    const { code } = await host.run(['sh', '-c', 'command -v node || ls -d /tmp /var/tmp "$HOME"'], { user });
    expect(code).not.toBe(0);
  });

  it.each(['quorum-lost', 'healthy-leader', 'certificate-expired'])(
    'gives the report of the installed program, byte for byte: %s',
    async (name) => {
      for (const format of ['human', 'json']) {
        const words = ['--replay', '-', '--format', format];
        const expected = await runInstalled('jaco', words, recording(name));
        expect(expected.stdout.length).toBeGreaterThan(200);
        expect(await host.run(['jaco-doctor', ...words].map(inRun), { user, input: recording(name) })).toEqual(
          expected,
        );
      }
    },
  );

  it('explains', async () => {
    const expected = await runInstalled('jaco', ['explain', 'no_leader']);
    expect(expected.code).toBe(0);
    expect(await host.run(['/run/jaco-doctor', 'explain', 'no_leader'], { user })).toEqual(expected);
  });

  it('finds that the daemon does not answer', async () => {
    const words = ['/run/jaco-doctor', '--server', '127.0.0.1:1', '--format', 'id'];
    expect(await host.run(words, { user })).toEqual({ code: 1, stdout: 'daemon_unreachable\n', stderr: '' });
  });

  it('shows a demo, whose files are in the folder of TMPDIR', async () => {
    const { code, stdout, stderr } = await host.run(['/run/jaco-doctor', 'demo', 'quorum-lost'], {
      user,
      env: { TMPDIR: '/run' },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^FAIL {2}quorum_lost/m);
  });

  it('says that a demo without TMPDIR has no room for its files', async () => {
    const { code, stderr } = await host.run(['/run/jaco-doctor', 'demo', 'quorum-lost'], { user });
    expect(code).toBe(64);
    expect(stderr).toMatch(/demo: no room for its files: ENOENT/);
  });

  it('is the other program by its name, and by its first word', async () => {
    const expected = await runInstalled('jacqos', ['--help']);
    expect(expected.stdout).toMatch(/^ {2}\$ jacqos-doctor \[/m);
    expect(await host.run(['/run/jacqos-doctor', '--help'], { user })).toEqual(expected);

    const { code, stdout } = await host.run(['/run/jaco-doctor', 'jacqos', '--help'], { user });
    expect({ code, stdout: stdout.replaceAll('jaco-doctor jacqos', 'jacqos-doctor') }).toMatchObject({ code: 0 });
    expect(stdout).toMatch(/^ {2}\$ jaco-doctor jacqos \[/m);
  });

  it('has every command and its help', async () => {
    for (const product of ['jaco', 'jacqos'] as const)
      for (const words of [['checks'], ['explain', '--help'], ['demo', '--help'], ['help']])
        expect(await host.run([`/run/${product}-doctor`, ...words], { user })).toEqual(
          await runInstalled(product, words),
        );
    expect((await host.run(['/run/jaco-doctor', 'releases'], { user })).code).toBe(0);
  });

  it('writes nothing anywhere', async () => {
    const words = ['/run/jaco-doctor', '--server', '127.0.0.1:1', '--format', 'id'];
    const { code, calls } = await host.traced(words, { user });
    expect(code).toBe(1);
    const own = calls.slice(calls.findIndex((call) => call.includes('execve("/run/jaco-doctor"')));
    expect(own.length).toBeGreaterThan(20);
    const writing =
      /O_WRONLY|O_RDWR|O_CREAT|^\d+ +(mkdir|mknod|rename|link|symlink|unlink|rmdir|truncate|ftruncate|f?ch(mod|own))/;
    expect(own.filter((call) => writing.test(call) && !call.includes('"/dev/null"'))).toEqual([]);
  });

  it('ignores what NODE_OPTIONS says to other programs', async () => {
    const env = { NODE_OPTIONS: '--require=/none.js --no-such-option', NODE_ENV: 'test' };
    const { code, stderr } = await host.run(['/run/jaco-doctor', '--version'], { user, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

const inRun = (word: string, index: number): string => (index === 0 ? `/run/${word}` : word);

it('is copied through a pipe, as over SSH, and gives its first report, within 10 s', async () => {
  const script = 'cat >/run/copied && chmod +x /run/copied && /run/copied --server 127.0.0.1:1 --format id';
  const started = performance.now();
  const said = await host.run(['sh', '-c', script], { input: readFileSync(EXECUTABLE) });
  expect(said).toEqual({ code: 1, stdout: 'daemon_unreachable\n', stderr: '' });
  expect(performance.now() - started).toBeLessThan(10_000);
});

describe('as a separate child', () => {
  it('sends the packets of its assignment, and a closed port resets them', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const requests = [port, 1].map((each) => ({ kind: 'tcp', host: '127.0.0.1', port: each }));
    const input = JSON.stringify({ requests, limitMs: 1_000 });
    const { code, stdout, stderr } = await host.run(['/run/jaco-doctor', '--as-prober'], { user: 'nobody', input });
    server.close();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject([
      { kind: 'answer', how: 'connected' },
      { kind: 'answer', how: 'reset' },
    ]);
  });

  it('runs no text that comes to it on standard input', async () => {
    const input = 'console.log("run")';
    for (const words of [['--as-prober'], ['-'], ['--input-type=module', '-'], ['--eval', input]]) {
      const { code, stdout } = await host.run(['/run/jaco-doctor', ...words], { input });
      expect({ words, code, stdout }).toEqual({ words, code: words[0] === '--as-prober' ? 70 : 64, stdout: '' });
    }
  });
});

it('starts within 1.5 times the time of the installed program', async () => {
  const times = { single: [] as number[], installed: [] as number[] };
  const timed = async (command: readonly string[]): Promise<number> => {
    const started = performance.now();
    expect((await run(command)).code).toBe(0);
    return performance.now() - started;
  };
  for (let round = 0; round < 15; round++) {
    times.single.push(await timed([EXECUTABLE, 'explain', 'no_leader']));
    times.installed.push(
      await timed([process.execPath, join(REPOSITORY, 'bin/jaco-doctor.js'), 'explain', 'no_leader']),
    );
  }
  // The fastest of each: what else this machine does makes a start slower, never faster.
  expect(Math.min(...times.single) / Math.min(...times.installed)).toBeLessThan(1.5);
});

describe.each(['x64', 'arm64'] as const)('the executable for %s', (arch) => {
  const scratch = mkdtempSync(join(tmpdir(), 'executable-'));
  const path = join(scratch, 'jaco-doctor');
  afterAll(() => rmSync(scratch, { recursive: true }));
  beforeAll(async () => {
    const { code, stderr } = await run([process.execPath, join(REPOSITORY, BUILD), arch, path]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('is of its machine, holds the program in a note, and has at most 125 MB', async () => {
    const { stdout } = await run(['readelf', '--file-header', '--notes', '--wide', path]);
    expect(stdout).toMatch(arch === 'x64' ? /Machine: .*X86-64/ : /Machine: .*AArch64/);
    expect(stdout).toMatch(/NODE_SEA_BLOB/);
    expect(statSync(path).size).toBeLessThan(125_000_000);
  });

  // What an enterprise distribution of 2019 has: glibc 2.28 and the libraries of GCC 8.
  it('needs no newer library than glibc 2.28 and those of GCC 8', async () => {
    const { stdout } = await run([arch === 'x64' ? 'objdump' : 'aarch64-linux-gnu-objdump', '-p', '-T', path]);
    const needed = [...stdout.matchAll(/NEEDED +(\S+)/g)].map(([, name = '']) => name.replace(/\.so.*/, ''));
    expect(needed.sort().filter((name) => !name.startsWith('ld-linux'))).toEqual(
      ['libc', 'libdl', 'libgcc_s', 'libm', 'libpthread', 'libstdc++'].sort(),
    );
    const newest = { GLIBC: [2, 28], GLIBCXX: [3, 4, 25], CXXABI: [1, 3, 11], GCC: [7, 0, 0] };
    for (const [family, limit] of Object.entries(newest)) {
      const versions = [...stdout.matchAll(new RegExp(`\\b${family}_([0-9.]+)`, 'g'))].map(
        ([, version = '']) => version,
      );
      expect(versions.length).toBeGreaterThan(0);
      expect(versions.filter((version) => isNewer(version.split('.').map(Number), limit))).toEqual([]);
    }
  });

  it.runIf(arch === 'x64')('is the same in a second build', async () => {
    expect((await run(['cmp', path, EXECUTABLE])).stdout).toBe('');
  });

  // Not a machine of that kind: an emulator of its instructions, with Debian's libraries for it.
  it.runIf(arch === 'arm64')('gives the same report under an emulator', async () => {
    const words = ['--replay', '-', '--format', 'json'];
    const emulated = ['qemu-aarch64', '-L', '/usr/aarch64-linux-gnu', path, ...words];
    expect(await run(emulated, recording('quorum-lost'))).toEqual(
      await runInstalled('jaco', words, recording('quorum-lost')),
    );
  });
});

const BUILD = 'scripts/release/build-single-file.js';

function isNewer(version: readonly number[], limit: readonly number[]): boolean {
  const differs = version.findIndex((part, index) => part !== (limit[index] ?? 0));
  return differs !== -1 && (version[differs] ?? 0) > (limit[differs] ?? 0);
}
