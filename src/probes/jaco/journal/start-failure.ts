import { type Outcome, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { isServiceRunning, type Units, unit } from '../daemon/unit.ts';
import { type ExitReason, exitReason } from './exit-reason.ts';
import { type Journal, type JournalEntry, journal } from './journal.ts';

export type { ExitReason } from './exit-reason.ts';

/** Why the last start of the daemon failed, in its own words. Time in ms since the epoch. */
export type StartFailure = {
  /** Null while the daemon is running, or if its last start logged no error. */
  readonly last: { readonly atMs: number; readonly error: string; readonly reason: ExitReason } | null;
  /** Why the journal could not be read; null if it could. */
  readonly unseen: string | null;
};

/**
 * In the pause of a restart loop, systemd may have begun the next start already. An error this recent still counts, in
 * ms.
 */
const RECENT_MS = 60_000;

/** The last errors of a daemon that is not running. */
export const startFailure = derive({
  name: 'jaco.start-failure',
  where: 'node',
  from: { unit: attempt(unit), journal: attempt(journal) },
  derive({ unit, journal }, now) {
    if (unit.kind !== 'value' || (isServiceRunning(unit.value) && unit.value.service.active === 'active'))
      return value<StartFailure>({ last: null, unseen: null });
    if (journal.kind !== 'value') return value<StartFailure>({ last: null, unseen: journalFailureReason(journal) });
    const { entries } = journal.value;
    const entry = entries.findLast(isLastWord);
    if (entry === undefined || !belongs(entry, unit.value, now) || startedSince(entry, entries, unit.value))
      return value<StartFailure>({ last: null, unseen: null });
    const error = entry.error ?? entry.message;
    return value<StartFailure>({ last: { atMs: entry.atMs, error, reason: exitReason(error) }, unseen: null });
  },
});

function journalFailureReason(journal: Exclude<Outcome<Journal>, { kind: 'value' }>): string {
  return journal.kind === 'failed' ? journal.failure.detail : journal.reason;
}

/** `jacod exited`, or what Go's flag package prints before it exits. */
function isLastWord({ subsystem, message, raw }: JournalEntry): boolean {
  return (
    (subsystem === 'jacod' && message === 'jacod exited') ||
    (raw && message.startsWith('flag provided but not defined'))
  );
}

function belongs({ invocation, atMs }: JournalEntry, { service }: Units, now: number): boolean {
  if (invocation !== null && invocation === service.invocation) return true;
  return service.active === 'activating' && now - atMs < RECENT_MS;
}

/**
 * Whether the daemon logged its first line again after this error, and then ended without one. The error is then of an
 * older fault. The start that systemd is making now does not count.
 */
function startedSince({ atMs }: JournalEntry, entries: readonly JournalEntry[], { service }: Units): boolean {
  const starts = entries.filter((one) => one.subsystem === 'jacod' && one.message === 'starting' && one.atMs > atMs);
  return starts.length > (service.mainPid === null ? 0 : 1);
}
