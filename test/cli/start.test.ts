import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterCa } from '../../src/demo/jaco/certificates.ts';
import { type Cluster, startCluster } from '../../src/demo/jaco/cluster.ts';
import { doctor, shell } from './bin.ts';
import { type ReachableCopy, reachableCopy, UNNAMED_ID } from './reachable-copy.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'bin/jaco-doctor.js');
const recording = join(root, 'test/recordings/healthy-leader.json');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'));
  writeFileSync(join(folder, 'ca.crt'), clusterCa);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('where others run it', () => {
  // Only root can change its user.
  describe.skipIf(process.getuid?.() !== 0)('as a user without a name and with an empty environment', () => {
    let copy: ReachableCopy;
    beforeAll(() => {
      copy = reachableCopy();
    });
    afterAll(() => copy.remove());
    const asNobody = (product: 'jaco' | 'jacqos', ...args: string[]) => {
      const env = { PATH: process.env.PATH };
      const one = { env, uid: UNNAMED_ID, gid: UNNAMED_ID, cwd: copy.folder, encoding: 'utf8' } as const;
      const { status, stdout, stderr } = spawnSync(copy.node, [copy.bin(product), ...args], one);
      return { status, stdout, stderr };
    };

    test('jaco-doctor prints its report', () => {
      const given = asNobody('jaco', '--server', '127.0.0.1:1', '--format', 'id');
      expect(given).toEqual({ status: 1, stdout: 'daemon_unreachable\n', stderr: '' });
    });

    test('jacqos-doctor prints its report', () => {
      const { status, stdout, stderr } = asNobody('jacqos', 'demo', 'cell-down');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/^FAIL {2}runtime_cell_unavailable/m);
    });

    test('the demo has a process to show', () => {
      const { status, stdout, stderr } = asNobody('jaco', 'demo', 'quorum-lost', '--verbose');
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/^FAIL {2}quorum_lost/m);
      expect(stdout).not.toMatch(/bug|uv_os_get_passwd/);
    });
  });

  test('a partial installation is an internal error and not a failed check', () => {
    cpSync(dirname(bin), join(folder, 'half/bin'), { recursive: true });
    writeFileSync(join(folder, 'half/package.json'), '{"type":"module"}');
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'half/bin/jaco-doctor.js')], {
      encoding: 'utf8',
    });
    expect(status).toBe(70);
    expect(stderr).toMatch(/^jaco-doctor: cannot start, the installation is incomplete: .*dist\/entry\.js/);
  });

  test('an error of the command library is an internal error, too', () => {
    const patch = `import os from 'node:os'; os.arch = () => { throw new Error('no architecture here'); };`;
    const { SHELL: _, ...env } = process.env;
    const { status, stderr } = spawnSync(process.execPath, [bin, '--replay', recording], {
      env: { ...env, NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(patch)}` },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({
      status: 70,
      stderr: 'jaco-doctor: a bug of the doctor itself: Error: no architecture here\n',
    });
  });

  test('a folder that was removed under the shell is not a bug of the doctor', async () => {
    const cluster = await startCluster({ nodes: 1 });
    const gone = join(folder, 'gone');
    mkdirSync(gone);
    const words = ['--server', cluster.node(1).grpcAddress, '--ca-cert', join(folder, 'ca.crt'), '--format', 'id'];
    const run = doctor(words, { cwd: gone, env: { JACO_TOKEN: cluster.token } });
    rmdirSync(gone);
    const { code, stdout, stderr } = await run;
    await cluster.close();
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'pass\n' });
    expect(stderr).not.toMatch(/bug/);
  });

  test('nor is one that was the folder of the app', async () => {
    const gone = join(folder, 'gone-app');
    mkdirSync(gone);
    const run = doctor(['--from', '-'], { cwd: gone, product: 'jacqos', input: 'package_digest_mismatch' });
    rmdirSync(gone);
    const { code, stderr } = await run;
    expect({ code, stderr }).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/--app-dir: the current directory was removed/),
    });
  });
});

describe('what was set for other programs', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ nodes: 1 });
  });
  afterAll(() => cluster.close());
  const asked = (env: NodeJS.ProcessEnv, ...words: string[]) =>
    doctor(['--server', cluster.node(1).grpcAddress, '--format', 'id', ...words], {
      env: { JACO_TOKEN: cluster.token, ...env },
    });
  const verified = () => ['--ca-cert', join(folder, 'ca.crt')];

  test('in gRPC’s own variables does not change the result', async () => {
    const { code, stdout } = await asked({
      GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: join(folder, 'none'),
      GRPC_SSL_CIPHER_SUITES: 'none-such',
    });
    // Without a CA nothing is verified, and no fault is reported.
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'unknown\n' });
  });

  test('as NODE_DEBUG is answered on stderr, and no probe is blamed for it', async () => {
    const { code, stdout, stderr } = await asked({ NODE_DEBUG: 'net,tls' }, ...verified());
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'pass\n' });
    expect(stderr).toMatch(/^NET \d+: /m);
  });

  test('as DEBUG does not make oclif quote the token', async () => {
    const words = [...verified(), '--token', cluster.token];
    const { code, stdout, stderr } = await asked({ DEBUG: '*' }, ...words);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'pass\n', stderr: '' });
  });
});

describe('a full disk', () => {
  // A limit on the size of files, in KiB.
  const full = (kib: number, line: string, product: 'jaco' | 'jacqos' = 'jaco') =>
    shell(`ulimit -f ${kib}; $DOCTOR ${line}`, { product, env: { TMPDIR: folder } });

  test.each(['jaco', 'jacqos'] as const)('does not leave the files of a demo of %s', async (product) => {
    const { code, stderr } = await full(0, 'demo', product);
    expect(code).toBe(64);
    expect(stderr).toMatch(/demo: no room for its files: EFBIG/);
    expect(readdirSync(folder).filter((name) => name.includes('-demo-'))).toEqual([]);
  });
});

test.each(['jaco', 'jacqos'] as const)('a demo of %s without a folder for its files reports that', async (product) => {
  const { code, stderr } = await doctor(['demo'], { product, env: { TMPDIR: join(folder, 'none') } });
  expect(code).toBe(64);
  expect(stderr).toMatch(/demo: no room for its files: ENOENT.*Name another directory in TMPDIR/);
});

describe('a file that never answers', () => {
  // A pipe without a writer behaves like a dead mount: the kernel does not return from opening it.
  beforeAll(() => execFileSync('mkfifo', [join(folder, 'silent')]));

  test('as --from is named when the time is over, and does not block the process', async () => {
    const { signal, ms, stderr } = await doctor(['--from', 'silent', '--timeout', '500ms'], { cwd: folder });
    expect(stderr).toMatch(/--from: silent did not answer in time: its file system hangs, or the pipe has no writer/);
    expect(stderr).toMatch(/the exit code would be 64/);
    expect({ signal, late: ms > 5_000 }).toEqual({ signal: 'SIGKILL', late: false });
  });
});

test('the command before the pipe may take longer than the run', async () => {
  const line = `(sleep 2.5; echo 'Error: no_leader: x') | $DOCTOR --from - --server 127.0.0.1:1 --timeout 2s --format json`;
  const { stdout, stderr, code } = await shell(line);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  expect(stdout).toMatch(/no_leader/);
});

test('a terminal of no width, such as a serial line, gets its report', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  // `script` creates a terminal of 0 columns if it has no terminal itself.
  const line = `script -qec "$DOCTOR --server 127.0.0.1:${port} --timeout 5s --format id" /dev/null </dev/null`;
  const { code, stdout } = await shell(line);
  silent.close();
  expect({ code, stdout: stdout.trim() }).toEqual({ code: 1, stdout: 'daemon_unresponsive' });
});
