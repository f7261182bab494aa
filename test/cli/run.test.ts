import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../../src/demo/jaco/cluster.ts';
import { doctor, shell, started } from './bin.ts';

const recordings = fileURLToPath(new URL('../recordings/', import.meta.url));
const SICK = `${recordings}quorum-lost.json`;

/** A recording of a healthy node, with the groups that existed when it was made. It cannot contain later facts. */
let WELL: string;
let folder: string;
let cluster: Cluster;
let where: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-'));
  WELL = join(folder, 'healthy-follower.json');
  const recorded = JSON.parse(await readFile(`${recordings}healthy-follower.json`, 'utf8'));
  await writeFile(WELL, JSON.stringify({ ...recorded, selection: { only: ['daemon', 'raft'], skip: [] } }));
  cluster = await startCluster({ nodes: 3 });
  where = ['--socket', cluster.node(1).socketPath, '--config', cluster.node(1).configPath];
});
afterAll(async () => {
  await cluster.close();
  await rm(folder, { recursive: true });
});

describe('the exit code is the verdict’s', () => {
  for (const [what, file, code] of [
    ['sick', () => SICK, 1],
    ['well', () => WELL, 0],
  ] as const) {
    test(`${what}: ${code} in every format`, async () => {
      const codes = await Promise.all(
        ['human', 'json', 'id'].map(async (format) => (await doctor(['--replay', file(), '--format', format])).code),
      );
      expect(codes).toEqual([code, code, code]);
    });
  }

  test('a reader that stops early changes nothing', async () => {
    const { stdout } = await shell(`$DOCTOR --replay '${SICK}' --verbose | head -1; echo "code \${PIPESTATUS[0]}"`);
    expect(stdout).toMatch(/^jaco-doctor .*\ncode 1\n$/);
  });

  test('stdout closed from the start changes nothing', async () => {
    expect((await shell(`$DOCTOR --replay '${SICK}' >&-; echo "code $?"`)).stdout).toBe('code 1\n');
  });
});

test('plugins in the home of the caller are neither read nor run', async () => {
  const home = join(folder, 'home', '.local', 'share', 'jaco-doctor');
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), 'no JSON');
  const env = { HOME: join(folder, 'home'), XDG_DATA_HOME: undefined };
  expect(await doctor(['--replay', WELL], { env })).toMatchObject({
    code: 0,
    stderr: expect.not.stringMatching(/warn/i),
  });
});

describe('one document on stdout', () => {
  test('json is one document in any case', async () => {
    const { stdout, stderr } = await doctor(['--replay', SICK, '--format', 'json', '--debug']);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'doctor-report/1', first: 'quorum_lost', exit: { code: 1 } });
    expect(stderr).toMatch(/jaco\.peer-status/);
  });

  test('appended to a file it comes after the existing content', async () => {
    const file = join(folder, 'log.txt');
    await shell(`echo before > ${file}; $DOCTOR --replay '${SICK}' --format id >> ${file}; echo after >> ${file}`);
    expect(await readFile(file, 'utf8')).toBe('before\nquorum_lost\nafter\n');
  });

  test('in a file shared with the shell, nothing is written over', async () => {
    const file = join(folder, 'shared.txt');
    await shell(`{ echo before; $DOCTOR --replay '${SICK}' --format id; echo after; } > ${file}`);
    expect(await readFile(file, 'utf8')).toBe('before\nquorum_lost\nafter\n');
  });

  test('no colour on a pipe, none with NO_COLOR, colour if it is forced, and NO_COLOR takes precedence', async () => {
    const out = async (env: NodeJS.ProcessEnv, ...flags: string[]) =>
      (await doctor(['--replay', SICK, ...flags], { env })).stdout;
    expect(await out({})).not.toMatch(/\u001b/);
    expect(await out({ FORCE_COLOR: '1' })).toMatch(/\u001b\[31m/);
    expect(await out({ FORCE_COLOR: '1', NO_COLOR: '1' })).not.toMatch(/\u001b/);
    expect(await out({ FORCE_COLOR: '1' }, '--no-color')).not.toMatch(/\u001b/);
    expect(await out({ FORCE_COLOR: '0' })).not.toMatch(/\u001b/);
  });
});

describe('record and replay', () => {
  test('a recording replays byte for byte, with the same code, and no other user may read it', async () => {
    const file = join(folder, 'live.json');
    const live = await doctor([...where, '--record', file, '--verbose']);
    const replay = await doctor(['--replay', file, '--verbose']);
    expect(replay).toMatchObject({ stdout: live.stdout, code: live.code });
    expect(replay.stderr).toMatch(/^replay of .*live\.json, recorded \d{4}-/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(live.stdout).toMatch(new RegExp(`--config ${cluster.node(1).configPath}`));
  });

  test('the program asks the cluster for nothing but what can be read without changing anything', async () => {
    await doctor(where);
    const read = [
      'Cluster/Status',
      'Audit/Query',
      'Deploy/Status',
      'Deploy/GetReplicas',
      'RegistryCredentials/List',
      'Tokens/List',
    ];
    const paths = new Set(cluster.calls.map((call) => call.path.replace('/jaco.v1.', '')));
    expect([...paths].filter((path) => !read.includes(path))).toEqual([]);
  });

  test('a run leaves nothing behind', async () => {
    const own = await mkdtemp(join(folder, 'tmp-'));
    await doctor([...where, '--timeout', '3s'], { env: { TMPDIR: own } });
    expect(await readdir(own)).toEqual([]);
  });
});

describe('--from', () => {
  const from = (text: string, ...args: string[]) => doctor([...where, '--from', '-', ...args], { input: text });

  test('only the ids of the text are kept, never the text', async () => {
    const file = join(folder, 'from.json');
    await from('Error: token_invalid: unknown token deadbeefdeadbeef Bearer s3cr3t\n', '--record', file);
    expect(readFileSync(file, 'utf8')).toMatch(/token_invalid/);
    expect(readFileSync(file, 'utf8')).not.toMatch(/s3cr3t|deadbeef/);
  });

  test('a fault that only text shows comes after faults that are found now', async () => {
    const { stdout } = await from('Error: port_conflict: host port 80\n', '--format', 'json');
    const report = JSON.parse(stdout);
    expect(report.checks.at(-1)).toMatchObject({ name: 'reported', findings: [{ id: 'port_conflict' }] });
  });
});

describe('an impatient user', () => {
  for (const [signal, code] of [
    // The shell reports it as 129. With an exit call, Node 20 aborts if a lost ssh closed the terminal.
    ['SIGHUP', 'SIGHUP'],
    ['SIGINT', 130],
    ['SIGQUIT', 131],
    ['SIGTERM', 143],
  ] as const) {
    test(`${signal} in the middle of a run ends it with ${code}`, async () => {
      const restless = await startCluster({ nodes: 3 });
      try {
        // Without a leader the doctor samples again and again: it is in the middle as soon as the first call arrived.
        restless.election(Number.POSITIVE_INFINITY);
        const run = started(['--socket', restless.node(1).socketPath, '--config', restless.node(1).configPath]);
        await expect.poll(() => restless.calls.length, { timeout: 5_000 }).toBeGreaterThan(0);
        run.kill(signal);
        expect(await run.ended).toBe(code);
      } finally {
        await restless.close();
      }
    });
  }
});
