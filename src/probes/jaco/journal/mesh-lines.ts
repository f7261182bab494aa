import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { journal } from './journal.ts';
import type { JournalEntry } from './journal-entry.ts';

/**
 * The lines of the daemon's log about the mesh since its last start, each once
 * (docs/jaco-daemon/journal.md#journal-lines).
 */
export type MeshLines = {
  /** The first failure, which is the cause of later ones; null if there is none, or if the journal cannot be read. */
  readonly failure: {
    readonly text: string;
    /** The kernel has no WireGuard. */
    readonly noModule: boolean;
  } | null;
};

/** The mesh's lines of the journal. */
export const meshLines = derive({
  name: 'jaco.mesh-lines',
  where: 'node',
  from: { journal: attempt(journal) },
  derive: ({ journal }) => value(readMeshLines(factOf(journal)?.entries ?? [])),
});

/** Reads entries, oldest first. */
export function readMeshLines(entries: readonly JournalEntry[]): MeshLines {
  const start = entries.findLastIndex(({ subsystem, message }) => subsystem === 'jacod' && message === 'starting');
  const failure = entries
    .slice(start + 1)
    .find(({ message }) => /^wgmesh|^ConfigureDevice failed|^wgctrl unavailable/.test(message));
  if (failure === undefined) return { failure: null };
  const text = `${failure.message}${failure.error === null ? '' : `: ${failure.error}`}`;
  return { failure: { text, noModule: /not supported|Unknown device type|no such device type/i.test(text) } };
}
