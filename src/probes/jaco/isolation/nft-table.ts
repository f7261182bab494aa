import { type Result, value } from '../../../engine/outcome.ts';
import type { Table } from '../../host/filter/table.ts';
import { listNft } from '../../host/nft.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../jaco-probe.ts';

/** JACO's own table, listed with the daemon's own command. */
export type NftTable =
  | { readonly kind: 'table'; readonly table: Table; readonly version: string | null }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unsupported'; readonly said: string };

/** Table `inet jaco`. `denied`: the doctor lacks the right. `missing-tool`: no nft on the doctor's PATH. */
export const nftTable = probe({
  name: 'jaco.nft-table',
  observes: 'host',
  right: 'root (CAP_NET_ADMIN)',
  after: { network: daemonNetwork },
  deadlineMs: 3_000,
  async collect(io, _, signal): Promise<Result<NftTable>> {
    io.phase('nft');
    const listed = await listNft(['table', 'inet', 'jaco'], signal);
    if (listed.kind === 'failed') return listed;
    const { answer } = listed;
    if (answer.kind !== 'tables') return value(answer);
    const table = answer.tables.find(({ family, name }) => family === 'inet' && name === 'jaco');
    return value(table === undefined ? { kind: 'absent' } : { kind: 'table', table, version: answer.version });
  },
});
