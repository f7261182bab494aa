import { failed, type Result, value } from '../../engine/outcome.ts';
import type { Table } from './filter/table.ts';
import { listNft } from './nft.ts';

/** All nft tables of this host except those of IPv6. Tables that iptables created are included. */
export type Ruleset = {
  readonly tables: readonly Table[];
  readonly version: string | null;
  /** Tables of bridges and devices that drop anything: family and name. */
  readonly beside: readonly string[];
};

/** The whole ruleset of nf_tables in this network namespace, from all programs. It can be empty. */
export async function readRuleset(signal: AbortSignal): Promise<Result<Ruleset>> {
  const listed = await listNft(['ruleset'], signal);
  if (listed.kind === 'failed') return listed;
  const { answer } = listed;
  if (answer.kind === 'tables') return value({ tables: answer.tables, version: answer.version, beside: answer.beside });
  return answer.kind === 'absent'
    ? failed('unreadable', 'nft', 'nft lists no ruleset and reports that there is no such file')
    : value({ tables: [], version: null, beside: [] });
}
