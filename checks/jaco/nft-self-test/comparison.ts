import type { Cause, Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import { waitNote } from '../../../src/engine/wait-note.ts';
import type { ExpectedSets } from '../../../src/probes/jaco/isolation/expected-sets.ts';
import type { IsolationExpected } from '../../../src/probes/jaco/isolation/isolation-expected.ts';
import type { NftTable } from '../../../src/probes/jaco/isolation/nft-table.ts';
import type { TableDrift } from '../../../src/probes/jaco/isolation/table-drift.ts';
import type { FirewallLines } from '../../../src/probes/jaco/journal/firewall-lines.ts';
import type { LoggedMessage } from '../../../src/probes/jaco/journal/journal-entry.ts';
import { isWithinReconcile } from '../../../src/probes/jaco/timing.ts';

type Compared = {
  readonly finding: readonly Finding<'isolation_self_test_failed', never>[];
  readonly evidence: readonly string[];
  readonly notes: readonly string[];
};

/** More repairs than this within 10 min are not a coincidence. */
const MAX_REWRITES = 2;
const REWRITE_WINDOW_MS = 10 * 60_000;

/**
 * The daemon's self-test on the current table, and the time when its result is only transitional before the next
 * comparison.
 */
export function comparison(
  table: NftTable,
  drift: TableDrift,
  wanted: ExpectedSets | null,
  expected: IsolationExpected,
  lines: FirewallLines,
  now: number,
): Compared {
  if (table.kind === 'unsupported') {
    const evidence = [`nft reports for this kernel: ${table.said}`];
    return selfTestFinding('unsupported', evidence, []);
  }
  const notes = youngNetworks(table, wanted);
  if (drift.text === '') return { finding: [], evidence: completeTable(table, drift.sets), notes };
  const failing = cannotWrite(lines, now) ?? cannotList(lines, now);
  if (
    failing === null &&
    table.kind === 'absent' &&
    expected.firstByMs !== null &&
    expected.firstByMs > now &&
    expected.daemon !== 'not-running'
  )
    return {
      finding: [],
      evidence: [],
      notes: [
        waitNote(
          `table inet jaco does not exist yet: the daemon writes it up to 30 s after its start or init, here by ${formatTime(expected.firstByMs)}`,
        ),
        ...notes,
      ],
    };
  const difference =
    table.kind === 'absent' ? 'table inet jaco does not exist' : `the daemon would report: ${drift.text}`;
  if (failing !== null) return selfTestFinding('not-compared', [difference, failing], notes);
  const often = chainRepairs(lines).filter(({ atMs }) => now - atMs < REWRITE_WINDOW_MS);
  if (often.length >= MAX_REWRITES)
    return selfTestFinding(
      'rewritten',
      [
        difference,
        `the daemon rewrote its table ${often.length} times within 10 min, last at ${formatTime(often.at(-1)?.atMs ?? null)} for ${often.at(-1)?.text ?? ''}`,
      ],
      notes,
    );
  return selfTestFinding(
    expected.daemon === 'compares' ? 'drift' : 'not-compared',
    [difference, REPAIR[expected.daemon]],
    notes,
  );
}

/** Why the daemon's last comparison failed, in words; null if it did not fail. */
export function cannotList({ listFailed, appliedAtMs }: FirewallLines, now: number): string | null {
  return isCurrentError(listFailed, appliedAtMs, now) ? `the daemon cannot list its table: ${listFailed.text}` : null;
}

function cannotWrite({ applyFailed, appliedAtMs }: FirewallLines, now: number): string | null {
  return isCurrentError(applyFailed, appliedAtMs, now)
    ? `the daemon sees the difference but cannot write its table: ${applyFailed.text}`
    : null;
}

function isCurrentError(line: LoggedMessage | null, appliedAtMs: number | null, now: number): line is LoggedMessage {
  return line !== null && (appliedAtMs ?? 0) < line.atMs && isWithinReconcile(line.atMs, now);
}

/** Repairs of chains. Sets are not counted: deployments add and remove them, and at first there are none. */
function chainRepairs({ applied }: FirewallLines): FirewallLines['applied'] {
  return applied.slice(1).filter(({ text }) => text.includes('chain:'));
}

const REPAIR: { readonly [D in IsolationExpected['daemon']]: string } = {
  compares:
    'the daemon compares this every 30 s and then rewrites the table: a difference that remains after 60 s is not one in its view',
  'not-running': 'the daemon is not running, so nothing restores it',
  'no-leader': 'the daemon compares nothing while it knows no leader',
  'no-nft': 'the daemon found no nft when it started and compares nothing',
  unknown: 'whether the daemon is running and restores it could not be determined',
};

function selfTestFinding(
  cause: Cause<'isolation_self_test_failed'>,
  evidence: readonly string[],
  notes: readonly string[],
): Compared {
  return { finding: [{ id: 'isolation_self_test_failed', subject: null, evidence, cause }], evidence: [], notes };
}

function completeTable(table: NftTable, setsSeen: boolean): readonly string[] {
  const names = table.kind === 'table' ? table.table.sets.length : 0;
  return [`table inet jaco has its three chains${setsSeen ? ` and its ${names} sets` : ''}`];
}

/** Networks whose set is not written yet. */
function youngNetworks(table: NftTable, wanted: ExpectedSets | null): readonly string[] {
  const sets = table.kind === 'table' ? table.table.sets.map(({ name }) => name) : [];
  const names = (wanted?.young ?? []).filter(({ set }) => !sets.includes(set)).map(({ name }) => name);
  return names.length === 0
    ? []
    : [
        `${names.slice(0, 5).join(', ')} ${names.length === 1 ? 'is new and not yet in the nft table: it is' : 'are new and not yet in the nft table: they are'} not isolated for up to 30 s`,
      ];
}
