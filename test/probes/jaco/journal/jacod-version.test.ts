import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/engine/json.ts';
import { type Outcome, type Result, value } from '../../../../src/engine/outcome.ts';
import { type JacodVersion, jacodVersion } from '../../../../src/probes/jaco/journal/jacod-version.ts';
import { JOURNAL_DENIED, jacod, line, service, socketUnit } from '../../../checks/jaco/scenes/daemon-scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'version-'));
afterAll(() => rmSync(folder, { recursive: true }));

const never = new AbortController().signal;
const fact = (json: unknown): Outcome => value(json as Json);
const unitSaying = (given: object, socket: object = {}): Outcome =>
  fact({ service: service(given), socket: socketUnit(socket) });

describe('the version', () => {
  function program(name: string, script: string): string {
    const path = join(mkdtempSync(join(folder, 'program-')), name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  async function versions(execPath: string, journal: Outcome, main = jacod()): Promise<JacodVersion> {
    const io = { phase: () => {}, settings: { standIn: null } };
    const facts = {
      unit: unitSaying({ execPath }),
      process: fact({ main, from: 'unit', socketDirPrivate: false, others: [] }),
      journal,
    };
    const result = (await jacodVersion.collect(io as never, facts as never, never)) as Result<JacodVersion>;
    if (result.kind !== 'value') throw new Error('no fact');
    return result.value;
  }

  const starting = (version: string, given: object) =>
    line('starting', { priority: 6, fields: { VERSION: version }, ...given });
  const journalOf = (...entries: object[]) => fact({ entries, sinceMs: 0, cut: false, dropped: 0 });

  test('that runs is the one this very process named, not an earlier start', async () => {
    const journal = journalOf(
      starting('v0.3.2', { pid: 226, invocation: null }),
      starting('v0.3.9', { pid: 300, invocation: 'another' }),
    );
    expect(await versions(program('jacod', 'echo v0.3.9'), journal)).toMatchObject({
      installed: { kind: 'known', version: 'v0.3.9' },
      running: { kind: 'known', version: 'v0.3.2' },
    });
  });

  test('of an unstamped build is dev', async () => {
    expect((await versions(program('jacod', 'echo dev'), journalOf())).installed).toMatchObject({ version: 'dev' });
  });

  test('is never guessed from what is not a version', async () => {
    const { installed, running } = await versions(program('jacod', 'echo Usage: jacod; exit 2'), JOURNAL_DENIED);
    expect(installed).toMatchObject({
      kind: 'unknown',
      reason: expect.stringMatching(/exit 2: Usage: jacod$/),
    });
    expect(running).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('systemd-journal') });
  });

  test('is not asked of a program that is not called jacod: it might start something', async () => {
    const trap = program('start-jaco', `touch ${join(folder, 'started')}; echo v1.2.3`);
    expect((await versions(trap, journalOf())).installed).toMatchObject({
      kind: 'unknown',
      reason: `${trap} is not named jacod, so it was not run`,
    });
  });
});
