import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { expectedSets, mayBeExpected } from './expected-sets.ts';
import { nftTable } from './nft-table.ts';
import { driftText, selfTest } from './self-test.ts';

/** The result of the daemon's own comparison, for the current table. */
export type TableDrift = {
  /** In its own words (`missing:chain:input,extra:set:x`); empty if it would find nothing. */
  readonly text: string;
  /** Whether the names of the sets were compared, for which the expected ones must be known. */
  readonly sets: boolean;
};

/**
 * The daemon's self-test, computed here. The daemon fixes a difference that it finds within 30 s, by rewriting the
 * whole table.
 */
export const tableDrift = derive({
  name: 'jaco.table-drift',
  where: 'node',
  from: { table: nftTable, wanted: attempt(expectedSets) },
  derive({ table, wanted }) {
    const sets = factOf(wanted);
    const drift = selfTest(
      table.kind === 'table' ? table.table : null,
      sets === null ? null : { wanted: sets.wanted, may: mayBeExpected(sets) },
    );
    return value<TableDrift>({ text: driftText(drift), sets: sets !== null });
  },
});
