import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/engine/json.ts';
import { notApplicable, type Outcome, type Result, value } from '../../../../src/engine/outcome.ts';
import { type JacodConfig, jacodConfig } from '../../../../src/probes/jaco/daemon/jacod-config.ts';
import { service, socketUnit } from '../../../checks/jaco/scenes/daemon-scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const NO_SYSTEMD = notApplicable('systemd did not boot this host');
const unitSaying = (given: object): Outcome =>
  value({ service: service(given), socket: socketUnit() } as unknown as Json);

async function collect(given: string | null, unit: Outcome): Promise<Result<JacodConfig>> {
  const io = { phase: () => {}, settings: { config: given } };
  return jacodConfig.collect(io as never, { unit } as never, new AbortController().signal) as Promise<
    Result<JacodConfig>
  >;
}

async function read(given: string | null, unit: Outcome = NO_SYSTEMD): Promise<Partial<JacodConfig>> {
  const result = await collect(given, unit);
  return result.kind === 'value' ? result.value : {};
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('the user’s file wins over the unit’s, and the unit’s over the default', async () => {
  const given = file('given.yaml', 'data_dir: /srv/given\n');
  const unit = unitSaying({ configPath: file('unit.yaml', 'data_dir: /srv/unit\n'), mainPid: null });
  expect(await read(given, unit)).toMatchObject({ path: given, from: 'given', settings: { dataDir: '/srv/given' } });
  expect(await read(null, unit)).toMatchObject({ from: 'unit', settings: { dataDir: '/srv/unit' } });
  const unnamed = unitSaying({ configPath: null, mainPid: null });
  expect(await read(null, unnamed)).toMatchObject({ path: '/etc/jaco/jacod.yaml', from: 'default' });
});

/** A program named jacod that does nothing, started with these words and variables. */
function daemon(words: readonly string[], env: { readonly [name: string]: string }, cwd = folder): Promise<number> {
  const path = join(mkdtempSync(join(folder, 'bin-')), 'jacod');
  copyFileSync('/bin/sh', path);
  const child = spawn(path, ['-c', 'echo up; read line', ...words], { stdio: ['pipe', 'pipe', 'ignore'], env, cwd });
  children.push(child);
  return once(child.stdout, 'data').then(() => child.pid as number);
}

describe('which file the daemon reads', () => {
  const left = () => file('left.yaml', 'old_key: 1\n');
  const good = () => file('node.yaml', 'data_dir: /srv/node\n');
  const running = async (env: { readonly [name: string]: string }, unit: object, words: readonly string[] = []) =>
    read(null, unitSaying({ mainPid: await daemon(words, env), ...unit }));

  test('a unit whose script does not show it, and a running daemon that does', async () => {
    const unit = { configPath: null, configUnknown: 'jaco.service starts jacod by a script of /bin/sh' };
    expect(await running({ JACO_CONFIG: good() }, unit)).toMatchObject({
      path: good(),
      from: 'process',
      problem: null,
    });
  });

  test('a unit that names a leftover, and a daemon that systemd’s own environment gave another file', async () => {
    const config = await running({ JACO_CONFIG: good() }, { configPath: left() });
    expect(config).toMatchObject({ path: good(), from: 'process', problem: null });
  });

  test('a unit that was changed after the start: the next start reads its file', async () => {
    const pid = await daemon([], { JACO_CONFIG: good() });
    const dropIn = file('env.conf', '[Service]\n');
    utimesSync(dropIn, new Date(), new Date());
    const later = join(folder, 'later.conf');
    await expect
      .poll(() => {
        writeFileSync(later, '[Service]\n');
        return statSync(later).ctimeMs > Date.now() - 1_000;
      })
      .toBe(true);
    const unit = { mainPid: pid, configPath: left(), configNamedIn: [later] };
    expect(await read(null, unitSaying(unit))).toMatchObject({ path: left(), from: 'unit' });
  });

  test('a path that is relative to the daemon’s folder', async () => {
    good();
    expect(await running({ JACO_CONFIG: 'node.yaml' }, { configPath: left() })).toMatchObject({ path: good() });
  });

  test('neither the unit nor a running daemon shows it: no default is judged instead', async () => {
    const unit = { configPath: null, configUnknown: 'jaco.service takes variables from a file', mainPid: null };
    const result = await collect(null, unitSaying(unit));
    expect(result).toMatchObject({
      kind: 'failed',
      failure: { detail: 'which file jacod reads is unknown: jaco.service takes variables from a file' },
    });
  });
});

test('a missing file means all defaults', async () => {
  expect(await read(join(folder, 'none.yaml'))).toMatchObject({
    present: false,
    problem: null,
    settings: { listenAddr: '0.0.0.0:7000' },
  });
});

test('a folder at its path is rejected in the daemon’s words', async () => {
  const path = join(folder, 'folder');
  mkdirSync(path);
  expect(await read(path)).toMatchObject({
    settings: null,
    problem: { kind: 'unreadable', cause: 'is-directory', message: `read ${path}: read ${path}: is a directory` },
  });
});

test('its last change comes from the kernel, not from a date that a copy preserved', async () => {
  const before = Date.now() - 1_000;
  const { changedAtMs } = await read(file('changed.yaml', 'log_level: info\n'));
  expect(changedAtMs).toBeGreaterThan(before);
});

test('a file of another daemon is not measured by this unit’s user', async () => {
  const given = file('other.yaml', 'log_level: info\n');
  expect(await read(given, unitSaying({ configPath: '/etc/jaco/jacod.yaml' }))).toMatchObject({
    daemonUser: null,
    readableByDaemon: null,
  });
});

test('the mail address for certificates is not kept', async () => {
  const config = await read(file('mail.yaml', 'acme_email: someone@example.org\n'));
  expect(config.settings?.acmeEmailSet).toBe(true);
  expect(JSON.stringify(config)).not.toContain('someone');
});
