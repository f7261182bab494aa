import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Json } from '../../../../src/engine/json.ts';
import { notApplicable, type Outcome, type Result, value } from '../../../../src/engine/outcome.ts';
import { type JacodConfig, jacodConfig } from '../../../../src/probes/jaco/daemon/config.ts';
import { service, socketUnit } from '../../../checks/jaco/scenes/daemon-scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const NO_SYSTEMD = notApplicable('systemd did not boot this host');
const unitSaying = (given: object): Outcome =>
  value({ service: service(given), socket: socketUnit() } as unknown as Json);

async function read(given: string | null, unit: Outcome = NO_SYSTEMD): Promise<Partial<JacodConfig>> {
  const io = { phase: () => {}, settings: { config: given } };
  const result = (await jacodConfig.collect(
    io as never,
    { unit } as never,
    new AbortController().signal,
  )) as Result<JacodConfig>;
  return result.kind === 'value' ? result.value : {};
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('the user’s file wins over the unit’s, and the unit’s over the default', async () => {
  const given = file('given.yaml', 'data_dir: /srv/given\n');
  const unit = unitSaying({ configPath: file('unit.yaml', 'data_dir: /srv/unit\n') });
  expect(await read(given, unit)).toMatchObject({ path: given, from: 'given', settings: { dataDir: '/srv/given' } });
  expect(await read(null, unit)).toMatchObject({ from: 'unit', settings: { dataDir: '/srv/unit' } });
  expect(await read(null)).toMatchObject({ path: '/etc/jaco/jacod.yaml', from: 'default' });
});

test('a file that is not there means all defaults', async () => {
  expect(await read(join(folder, 'none.yaml'))).toMatchObject({
    present: false,
    problem: null,
    settings: { listenAddr: '0.0.0.0:7000' },
  });
});

test('a folder in its place is refused in the daemon’s words', async () => {
  const path = join(folder, 'folder');
  mkdirSync(path);
  expect(await read(path)).toMatchObject({
    settings: null,
    problem: { kind: 'unreadable', cause: 'is-directory', message: `read ${path}: read ${path}: is a directory` },
  });
});

test('when it was last changed is told by the kernel, not by a date that a copy carried along', async () => {
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

test('the address of the person who gets the certificates’ mail is not kept', async () => {
  const config = await read(file('mail.yaml', 'acme_email: someone@example.org\n'));
  expect(config.settings?.acmeEmailSet).toBe(true);
  expect(JSON.stringify(config)).not.toContain('someone');
});
