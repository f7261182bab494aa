import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { journal } from './journal.ts';
import type { JournalEntry, LoggedMessage } from './journal-entry.ts';

/** The lines of the daemon's log about the firewall since its last start. Times in ms since the epoch. */
export type FirewallLines = {
  /** Whether the journal could be read and reaches back to the start of the daemon. */
  readonly seen: 'from-start' | 'in-part' | 'no';
  /** It found no nft at its start and has not managed the firewall since. */
  readonly skippedAtMs: number | null;
  /** The last time that it could not list its table, if it had no success later. */
  readonly listFailed: LoggedMessage | null;
  /** The last time that it could not write its table. */
  readonly applyFailed: LoggedMessage | null;
  /** The last time that it wrote its table. */
  readonly appliedAtMs: number | null;
  /** Each write of its table and the difference before it; the newest ones, oldest first. */
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

/** The firewall's lines of the journal (docs/jaco-daemon/isolation.md#firewall-loop); empty without a journal. */
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
