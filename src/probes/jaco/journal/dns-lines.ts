import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { journal } from './journal.ts';
import type { JournalEntry } from './journal-entry.ts';

/** The lines of the daemon's log about DNS since its last start. Times in ms since the epoch. */
export type DnsLines = {
  /** Whether the journal could be read at all. */
  readonly seen: boolean;
  /** The name servers that it uses, `host:port`; null if no line shows them. */
  readonly configured: { readonly atMs: number; readonly upstreams: readonly string[] } | null;
  /** The line that it found none, and why. */
  readonly none: { readonly atMs: number; readonly text: string } | null;
  /** External names that containers asked for and that no server resolved, the newest first, each once. */
  readonly failed: readonly { readonly atMs: number; readonly name: string; readonly error: string }[];
};

const MAX_FAILED = 5;
const NO_DNS_LINES: DnsLines = { seen: false, configured: null, none: null, failed: [] };

/** The DNS lines of the journal; empty without a journal. */
export const dnsLines = derive({
  name: 'jaco.dns-lines',
  where: 'node',
  from: { journal: attempt(journal) },
  derive: ({ journal }) => value(readDnsLines(factOf(journal)?.entries ?? null)),
});

/** Reads entries, oldest first. A start of the daemon discards the lines before it. */
export function readDnsLines(entries: readonly JournalEntry[] | null): DnsLines {
  if (entries === null) return NO_DNS_LINES;
  const start = entries.findLastIndex(({ subsystem, message }) => subsystem === 'jacod' && message === 'starting');
  const since = entries.slice(start + 1);
  const configured = since.findLast(({ message }) => message === 'dns: forwarder configured');
  const none = since.findLast(({ message }) => /^dns: (no upstream resolvers configured|failed to read)/.test(message));
  return {
    seen: true,
    configured:
      configured === undefined
        ? null
        : { atMs: configured.atMs, upstreams: listOf(configured.fields['UPSTREAMS'] ?? '') },
    none: none === undefined ? null : { atMs: none.atMs, text: none.error ?? none.message },
    failed: failedNames(since),
  };
}

/** A list in Go's format: `[127.0.0.1:5353 10.0.0.2:53]`. */
function listOf(text: string): readonly string[] {
  return text
    .replace(/^\[|\]$/g, '')
    .split(' ')
    .filter(Boolean);
}

function failedNames(entries: readonly JournalEntry[]): DnsLines['failed'] {
  const failures = new Map<string, DnsLines['failed'][number]>();
  for (const { message, fields, error, atMs } of entries.toReversed()) {
    const name = fields['NAME'];
    if (message === 'upstream resolver fallback failed' && name !== undefined && !failures.has(name))
      failures.set(name, { atMs, name, error: error ?? '' });
    if (failures.size === MAX_FAILED) break;
  }
  return [...failures.values()];
}
