import type { Finding } from '../../../src/engine/finding.ts';
import { formatTime } from '../../../src/engine/format.ts';
import type { IsolationExpected } from '../../../src/probes/jaco/isolation/isolation-expected.ts';
import type { NftTable } from '../../../src/probes/jaco/isolation/nft-table.ts';
import type { TableDrift } from '../../../src/probes/jaco/isolation/table-drift.ts';
import type { WantedSets } from '../../../src/probes/jaco/isolation/wanted-sets.ts';
import type { FirewallLines } from '../../../src/probes/jaco/journal/firewall-lines.ts';
import { isWithinReconcile } from '../../../src/probes/jaco/timing.ts';

type Compared = {
  readonly finding: readonly Finding<'isolation_self_test_failed', never>[];
  readonly evidence: readonly string[];
  readonly notes: readonly string[];
};

/** So many repairs within this time, in ms, are no accident. */
const OFTEN = 2;
const LATELY_MS = 10 * 60_000;

/** The daemon's self-test on the table as it is, and when what it finds is only what comes before the next comparison. */
export function comparison(
  table: NftTable,
  drift: TableDrift,
  wanted: WantedSets | null,
  expected: IsolationExpected,
  lines: FirewallLines,
  now: number,
): Compared {
  if (table.kind === 'unsupported') {
    const evidence = [`nft says of this kernel: ${table.said}`];
    return found('unsupported', evidence, []);
  }
  const notes = youngNetworks(table, wanted);
  if (drift.text === '') return { finding: [], evidence: whole(table, drift.sets), notes };
  if (
    table.kind === 'absent' &&
    expected.firstByMs !== null &&
    expected.firstByMs > now &&
    expected.daemon !== 'not-running'
  )
    return {
      finding: [],
      evidence: [],
      notes: [
        `there is no table inet jaco yet: the daemon writes it up to 30 s after its start or its init, here by ${formatTime(expected.firstByMs)}`,
        ...notes,
      ],
    };
  const seen = table.kind === 'absent' ? 'there is no table inet jaco' : `the daemon would say: ${drift.text}`;
  const failing = cannotWrite(lines, now) ?? cannotList(lines, now);
  if (failing !== null) return found('nobody-compares', [seen, failing], notes);
  const often = undone(lines).filter(({ atMs }) => now - atMs < LATELY_MS);
  if (often.length >= OFTEN)
    return found(
      'rewritten',
      [
        seen,
        `the daemon wrote its table anew ${often.length} times within 10 minutes, last at ${formatTime(often.at(-1)?.atMs ?? null)} for ${often.at(-1)?.text ?? ''}`,
      ],
      notes,
    );
  return found(expected.daemon === 'compares' ? 'drift' : 'nobody-compares', [seen, WHO_MENDS[expected.daemon]], notes);
}

/** Why the daemon's last look at its table came to nothing, in words; null where it did not. */
export function cannotList({ listFailed, appliedAtMs }: FirewallLines, now: number): string | null {
  return isNow(listFailed, appliedAtMs, now) ? `the daemon cannot list its table: ${listFailed.text}` : null;
}

function cannotWrite({ applyFailed, appliedAtMs }: FirewallLines, now: number): string | null {
  return isNow(applyFailed, appliedAtMs, now)
    ? `the daemon sees it and cannot write its table: ${applyFailed.text}`
    : null;
}

type Said = FirewallLines['applyFailed'];

function isNow(said: Said, appliedAtMs: number | null, now: number): said is NonNullable<Said> {
  return said !== null && (appliedAtMs ?? 0) < said.atMs && isWithinReconcile(said.atMs, now);
}

/** Repairs of chains. Sets come and go with deployments, and the first time there is nothing yet. */
function undone({ applied }: FirewallLines): FirewallLines['applied'] {
  return applied.slice(1).filter(({ text }) => text.includes('chain:'));
}

const WHO_MENDS: { readonly [D in IsolationExpected['daemon']]: string } = {
  compares: 'the daemon compares this every 30 s and writes the whole table anew: look again then',
  'not-running': 'the daemon does not run, so nobody mends it',
  'no-leader': 'the daemon compares nothing while it knows no leader',
  'no-nft': 'the daemon found no nft when it started and compares nothing',
  unknown: 'whether the daemon runs and mends it could not be seen',
};

function found(cause: string, evidence: readonly string[], notes: readonly string[]): Compared {
  return { finding: [{ id: 'isolation_self_test_failed', subject: null, evidence, cause }], evidence: [], notes };
}

function whole(table: NftTable, setsSeen: boolean): readonly string[] {
  const names = table.kind === 'table' ? table.table.sets.length : 0;
  return [
    `table inet jaco has its three chains as they should be${setsSeen ? `, and the ${names} sets it should have` : ''}`,
  ];
}

/** Networks whose set is still to come. */
function youngNetworks(table: NftTable, wanted: WantedSets | null): readonly string[] {
  const sets = table.kind === 'table' ? table.table.sets.map(({ name }) => name) : [];
  const names = (wanted?.young ?? []).filter(({ set }) => !sets.includes(set)).map(({ name }) => name);
  return names.length === 0
    ? []
    : [
        `${names.slice(0, 5).join(', ')} ${names.length === 1 ? 'was' : 'were'} made within the last 30 s and not yet in the table: until the daemon's next comparison nothing keeps it apart`,
      ];
}
