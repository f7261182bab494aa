import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import type { JournalEntry, LoggedMessage } from './entry.ts';
import { journal } from './journal.ts';

/** What the daemon's log says of the firewall since its last start. Times in ms since the epoch. */
export type FirewallLines = {
  /** Whether the journal could be read at all, and reaches back to the start of the daemon. */
  readonly seen: 'from-start' | 'in-part' | 'no';
  /** It found no nft at its start and has left the firewall alone since. */
  readonly skippedAtMs: number | null;
  /** The last time it could not even list its table, if nothing went well after that. */
  readonly listFailed: LoggedMessage | null;
  /** The last time it could not write its table. */
  readonly applyFailed: LoggedMessage | null;
  /** The last time it could. */
  readonly appliedAtMs: number | null;
  /** Every time it wrote its table, and what had been wrong with it; the newest, oldest first. */
  readonly applied: readonly LoggedMessage[];
};

const MAX_APPLIED = 50;
const NO_LINES: FirewallLines = {
  seen: 'no',
  skippedAtMs: null,
  listFailed: null,
  applyFailed: null,
  appliedAtMs: null,
  applied: [],
};

/**
 * Reads the firewall's lines of the journal (docs/jaco-daemon/isolation.md#firewall-loop); without one, nothing is
 * said.
 */
export const firewallLines = derive({
  name: 'jaco.firewall-lines',
  where: 'node',
  from: { journal: attempt(journal) },
  derive: ({ journal }) => value(readFirewallLines(factOf(journal)?.entries ?? null)),
});

/** Reads entries, oldest first. A start of the daemon discards the lines before it. */
export function readFirewallLines(entries: readonly JournalEntry[] | null): FirewallLines {
  if (entries === null) return NO_LINES;
  const start = entries.findLastIndex(({ subsystem, message }) => subsystem === 'jacod' && message === 'starting');
  const since = entries.slice(start + 1);
  const last = (holds: (entry: JournalEntry) => boolean): LoggedMessage | null => {
    const match = since.findLast(holds);
    return match === undefined ? null : { atMs: match.atMs, text: match.error ?? match.message };
  };
  const applied = since
    .filter(({ message }) => message === 'firewall ruleset reconciled')
    .map(({ atMs, fields }) => ({ atMs, text: fields['DRIFT'] ?? '' }));
  const appliedAtMs = applied.at(-1)?.atMs ?? null;
  const listFailed = last(
    ({ message, error }) => message === 'firewall.Reconciler.Tick failed' && error?.startsWith('nft list:') === true,
  );
  return {
    seen: start >= 0 ? 'from-start' : 'in-part',
    skippedAtMs:
      last(({ message }) => message.startsWith('firewall unavailable, drift detector skipped'))?.atMs ?? null,
    listFailed: listFailed !== null && listFailed.atMs < (appliedAtMs ?? 0) ? null : listFailed,
    applyFailed: last(({ message }) => message === 'apply ruleset failed'),
    appliedAtMs,
    applied: applied.slice(-MAX_APPLIED),
  };
}
