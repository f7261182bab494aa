import { expect, test } from 'vitest';
import type { JournalEntry } from '../../../../src/probes/jaco/journal/journal-entry.ts';
import { readMeshLines } from '../../../../src/probes/jaco/journal/mesh-lines.ts';

function entry(message: string, error: string | null, subsystem = 'wgmesh'): JournalEntry {
  return { atMs: 1, priority: 3, subsystem, message, error, fields: {}, raw: false, pid: 1, invocation: null };
}

test('the first failure of the mesh since the last start is its root', () => {
  const lines = readMeshLines([
    entry('wgmesh setup failed', 'before the restart'),
    entry('starting', null, 'jacod'),
    entry('node joined', null, 'jacod'),
    entry('wgmesh: LinkAdd failed', 'operation not supported'),
    entry('ConfigureDevice failed', 'no such device'),
  ]);
  expect(lines).toEqual({ failure: { text: 'wgmesh: LinkAdd failed: operation not supported', noModule: true } });
});

test('a failure of WireGuard in a kernel that supports it is not a missing module', () => {
  expect(readMeshLines([entry('ConfigureDevice failed', 'address already in use')]).failure?.noModule).toBe(false);
});

test('without a failure, or without a journal, there is nothing', () => {
  expect(readMeshLines([entry('starting', null, 'jacod')])).toEqual({ failure: null });
  expect(readMeshLines([])).toEqual({ failure: null });
});
