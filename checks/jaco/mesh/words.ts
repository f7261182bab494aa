import type { JournalEntry } from '../../../src/probes/jaco/journal/entry.ts';

/** What the daemon said of the mesh since its start, each once (contract 3.6); null where it said nothing or cannot be read. */
export type MeshWords = { readonly text: string; readonly noModule: boolean } | null;

/** The first trouble is the root of the others. */
export function meshWords(entries: readonly JournalEntry[] | null): MeshWords {
  if (entries === null) return null;
  const start = entries.findLastIndex(({ subsystem, message }) => subsystem === 'jacod' && message === 'starting');
  const trouble = entries
    .slice(start + 1)
    .find(({ message }) => /^wgmesh|^ConfigureDevice failed|^wgctrl unavailable/.test(message));
  if (trouble === undefined) return null;
  const text = `${trouble.message}${trouble.error === null ? '' : `: ${trouble.error}`}`;
  return { text, noModule: /not supported|Unknown device type|no such device type/i.test(text) };
}
