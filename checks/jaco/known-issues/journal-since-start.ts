import type { Journal } from '../../../src/probes/jaco/journal/journal.ts';
import type { JournalEntry } from '../../../src/probes/jaco/journal/journal-entry.ts';

/**
 * The lines of the running daemon, oldest first. Null if the journal does not have all of them, because then an absent
 * line proves nothing.
 */
export function journalSinceStart({ entries, cut, dropped }: Journal): readonly JournalEntry[] | null {
  const start = entries.findLastIndex(({ subsystem, message }) => subsystem === 'jacod' && message === 'starting');
  return start < 0 || cut || dropped > 0 ? null : entries.slice(start);
}
