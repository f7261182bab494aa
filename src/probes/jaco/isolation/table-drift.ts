import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { expectedSets, mayBeExpected } from './expected-sets.ts';
import { nftTable } from './nft-table.ts';
import { driftText, selfTest } from './self-test.ts';

/** What the daemon's own comparison would find of its table now. */
export type TableDrift = {
  /** In its own words (`missing:chain:input,extra:set:x`); empty where it would find nothing. */
  readonly text: string;
  /** Whether the names of the sets were compared, for which it must be known which there should be. */
  readonly sets: boolean;
};

/** The daemon's self-test, computed here. The daemon fixes a difference that it finds within 30 s: it rewrites the whole table. */
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
