import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemJournalReadable } from '../../../../src/probes/jaco/journal/system-journal.ts';

describe('who may read the system journal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  const machine = join(folder, 'persistent', 'machine');
  mkdirSync(machine, { recursive: true });

  test('is unknown if there is none', async () => {
    expect(await systemJournalReadable([join(folder, 'persistent'), join(folder, 'volatile')])).toBeNull();
  });

  test('is visible from the file itself', async () => {
    writeFileSync(join(machine, 'system.journal'), '');
    expect(await systemJournalReadable([join(folder, 'persistent')])).toBe(true);
    chmodSync(join(machine, 'system.journal'), 0);
    // Root can read every file.
    expect(await systemJournalReadable([join(folder, 'persistent')])).toBe(process.getuid?.() === 0);
    rmSync(folder, { recursive: true });
  });
});
