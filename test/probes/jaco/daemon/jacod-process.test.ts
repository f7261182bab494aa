import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/engine/json.ts';
import { notApplicable, type Outcome, type Result, value } from '../../../../src/engine/outcome.ts';
import { identifyDaemon } from '../../../../src/probes/jaco/daemon/identify-daemon.ts';
import {
  hasOwnPids,
  inspectProcess,
  type Jacod,
  jacodIds,
} from '../../../../src/probes/jaco/daemon/inspect-process.ts';
import { type JacodProcess, jacodProcess } from '../../../../src/probes/jaco/daemon/jacod-process.ts';
import { service, socketUnit } from '../../../checks/jaco/scenes/daemon-scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'jacod-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const never = new AbortController().signal;
const NO_SYSTEMD = notApplicable('systemd did not boot this host');
const fact = (json: unknown): Outcome => value(json as Json);
const unitSaying = (given: object, socket: object = {}): Outcome =>
  fact({ service: service(given), socket: socketUnit(socket) });

/** A process of that name that does nothing, started with that configuration. */
async function daemon(config: string, words: readonly string[] = ['600']): Promise<number> {
  // Each is a separate file, because a running program cannot be overwritten.
  const path = join(mkdtempSync(join(folder, 'bin-')), 'jacod');
  copyFileSync('/bin/sleep', path);
  const child = spawn(path, words, { stdio: 'ignore', env: { JACO_CONFIG: config } });
  children.push(child);
  // The name of a process is set by its exec, which follows the fork.
  await expect.poll(() => jacodIds()).toContain(child.pid);
  return child.pid as number;
}

describe('a daemon that was started without systemd', () => {
  const path = join(folder, 'a.yaml');
  const config = { path, from: 'given', settings: { dataDir: folder } };

  async function processes(): Promise<JacodProcess> {
    const io = { phase: () => {}, settings: { standIn: null, config: path } };
    const socket = fact({ path: join(folder, 'x.sock') });
    const result = (await jacodProcess.collect(
      io as never,
      { unit: NO_SYSTEMD, config: fact(config), path: socket } as never,
      never,
    )) as Result<JacodProcess>;
    if (result.kind !== 'value') throw new Error('no fact');
    return result.value;
  }

  test('is found by name and configuration, with its age, user and program', async () => {
    const pid = await daemon(path);
    const { main, from, socketDirPrivate } = await processes();
    expect(main).toMatchObject({
      pid,
      state: expect.stringMatching(/[RS]/),
      uid: process.getuid?.(),
      exe: { path: expect.stringMatching(/\/jacod$/), deleted: false },
      configPath: path,
    });
    expect(Math.abs((main?.startedAtMs ?? 0) - Date.now())).toBeLessThan(5_000);
    expect([from, socketDirPrivate]).toEqual(['scan', false]);
  });

  test('shows a second one on the same data, and one that is another node’s', async () => {
    const twin = join(folder, 'twin.yaml');
    writeFileSync(twin, `data_dir: ${folder}\n`);
    const other = join(folder, 'other.yaml');
    writeFileSync(other, 'data_dir: /srv/elsewhere\n');
    const [second, third] = [await daemon(twin), await daemon(other)];
    const { others } = await processes();
    expect(others.find(({ jacod }) => jacod.pid === second)?.sameDataDir).toBe(true);
    expect(others.find(({ jacod }) => jacod.pid === third)?.sameDataDir).toBe(false);
  });

  // Only root can change its root directory.
  test.skipIf(process.getuid?.() !== 0)('is not one in a container, whose /etc and data are its own', async () => {
    const root = mkdtempSync(join(folder, 'root-'));
    const inside = `mount -t tmpfs none ${root} && cd ${root} && mkdir usr && mount --bind /usr usr &&
      for dir in bin lib lib64; do ln -s usr/$dir $dir; done && cp /bin/sleep jacod && exec chroot . /jacod 600`;
    const child = spawn('unshare', ['--mount', 'sh', '-c', inside], { stdio: 'ignore' });
    children.push(child);
    await expect.poll(() => readFileSync(`/proc/${child.pid}/comm`, 'utf8').trim()).toBe('jacod');
    expect(await jacodIds()).not.toContain(child.pid);
  });

  test('reports that its program was replaced while it runs', async () => {
    const pid = await daemon(path);
    const before = (await inspectProcess(pid))?.exe;
    rmSync(before?.path ?? '');
    expect((await inspectProcess(pid))?.exe).toEqual({ path: before?.path, deleted: true });
  });

  test('that has ended is not found', async () => {
    expect(await inspectProcess(2 ** 22 - 1)).toBeNull();
  });
});

describe('for an operator without rights, who cannot see the configuration of other processes', () => {
  const jacod = (pid: number, given: Partial<Jacod> = {}): Jacod => ({
    pid,
    startedAtMs: pid,
    state: 'S',
    uid: 998,
    user: 'systemd-timesync',
    exe: null,
    configPath: null,
    ...given,
  });
  const config = value({ path: '/etc/jaco/jacod.yaml' } as const);
  const choose = (jacods: readonly Jacod[], given: object = {}) =>
    identifyDaemon(jacods, { named: null, mainPid: null, config, ...given });

  test('the process of a container or of another node is not taken for the daemon', () => {
    expect(choose([jacod(20), jacod(10)])).toMatchObject({ main: null, hidden: { pid: 10 } });
  });

  test('systemd names the daemon among them', () => {
    expect(choose([jacod(10), jacod(20)], { mainPid: 20 })).toMatchObject({ main: { pid: 20 }, hidden: null });
  });

  test('the file on its command line identifies the daemon among them', () => {
    const own = jacod(20, { configPath: '/etc/jaco/jacod.yaml' });
    expect(choose([jacod(10), own])).toMatchObject({ main: { pid: 20 }, hidden: null });
    const named = jacod(30, { configPath: '/srv/b.yaml' });
    expect(choose([jacod(10), own, named], { named: '/srv/b.yaml' }).main).toMatchObject({ pid: 30 });
  });

  test('a process that reads another file is not the daemon, and does not hide it', () => {
    expect(choose([jacod(10, { configPath: '/srv/b.yaml' })])).toEqual({ main: null, hidden: null });
    expect(choose([])).toEqual({ main: null, hidden: null });
  });

  test('if the configuration itself may not be read, no process is tied to it', () => {
    const denied = { kind: 'failed', failure: { why: 'denied', phase: 'read', detail: 'EACCES', root: 'jaco.config' } };
    const one = jacod(10, { configPath: '/etc/jaco/jacod.yaml' });
    expect(choose([one], { config: denied })).toMatchObject({ main: null, hidden: { pid: 10 } });
    expect(choose([one], { config: denied, mainPid: 10 }).main).toMatchObject({ pid: 10 });
  });

  test('a process with its own PID namespace is in a container', () => {
    expect(hasOwnPids('Name:\tjacod\nNSpid:\t4711\t1\nNSpgid:\t4711\t1\n')).toBe(true);
    expect(hasOwnPids('Name:\tjacod\nNSpid:\t4711\nNSpgid:\t4711\n')).toBe(false);
    expect(hasOwnPids(readFileSync('/proc/self/status', 'utf8'))).toBe(false);
  });
});

test('a daemon that systemd names and /proc hides is not called absent', async () => {
  const io = { phase: () => {}, settings: { standIn: null, config: null } };
  const facts = { unit: unitSaying({ mainPid: 2 ** 22 - 1 }), config: NO_SYSTEMD, path: NO_SYSTEMD };
  const result = await jacodProcess.collect(io as never, facts as never, never);
  expect(result).toMatchObject({ kind: 'failed', failure: { why: process.geteuid?.() === 0 ? 'absent' : 'denied' } });
});
