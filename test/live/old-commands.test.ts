import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { releaseData } from '../../src/catalog/generated/releases.ts';
import { jaco } from '../catalog/commands.ts';
import { sayWhatWasNotRun } from './lab.ts';

const { entries } = await loadCatalog('jaco');

/** A folder with the programs of releases, `vX.Y.Z/jaco`. */
const folder = process.env['JACO_RELEASES'] ?? '';
const tags = releaseData.releases.map(({ tag }) => tag);
const available = existsSync(folder)
  ? readdirSync(folder).filter((tag) => tags.includes(tag) && existsSync(join(folder, tag, 'jaco')))
  : [];
if (available.length === 0) sayWhatWasNotRun('commands of old releases (JACO_RELEASES names no folder of releases)');

const steps = entries.flatMap(({ id, fix }) =>
  fix.flatMap(({ run, since, until }) => (run?.[0] === 'jaco' ? [{ id, words: run.slice(1), since, until }] : [])),
);
/** Newest first, so a higher index is an older release. */
const place = (tag: string): number => tags.indexOf(tag);

describe.skipIf(available.length === 0)('the jaco of each release', () => {
  test.each(available)('%s has the commands and flags that are advised to it', (tag) => {
    const advised = steps.filter(
      ({ since, until }) =>
        (since === null || place(tag) <= place(since)) && (until === null || place(tag) >= place(until)),
    );
    expect(advised.length).toBeGreaterThan(0);
    for (const { id, words } of advised) {
      const length = Object.hasOwn(jaco, words.slice(0, 2).join(' ')) ? 2 : 1;
      const command = words.slice(0, length);
      const help = spawnSync(join(folder, tag, 'jaco'), [...command, '--help'], { encoding: 'utf8' }).stdout;
      // An unknown command gets the help of its parent.
      expect(help, `${id}: jaco ${command.join(' ')}`).toContain(`jaco ${command.join(' ')}`);
      for (const flag of words.slice(length).filter((word) => /^--?[a-z]/.test(word)))
        expect(help, `${id}: jaco ${words.join(' ')}`).toMatch(new RegExp(`(^|[ ,])${flag}[, ]`, 'm'));
    }
  });
});
