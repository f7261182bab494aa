import { failed, notApplicable, type Result, value } from '../../engine/outcome.ts';
import { probe, STAND_IN } from '../io/io.ts';
import { daemonNetwork } from '../jaco/daemon-network.ts';
import type { Table } from './filter/filter.ts';
import { listNft } from './nft.ts';

/** Every nft table of this host for IPv4; those that iptables made are among them. */
export type Ruleset = {
  readonly tables: readonly Table[];
  readonly version: string | null;
  /** Tables of bridges and devices, whose rules are not read, as far as they drop anything: family and name. */
  readonly beside: readonly string[];
};

/** The whole ruleset of nf_tables, whoever wrote it. An empty one is an answer too. */
export const ruleset = probe({
  name: 'host.nft-ruleset',
  right: 'root (CAP_NET_ADMIN)',
  after: { network: daemonNetwork },
  deadlineMs: 3_000,
  async collect(io, _, signal): Promise<Result<Ruleset>> {
    if (io.settings.standIn !== null) return notApplicable(STAND_IN);
    io.phase('nft');
    const listed = await listNft(['ruleset'], signal);
    if (listed.kind === 'failed') return listed;
    const { answer } = listed;
    if (answer.kind === 'tables')
      return value({ tables: answer.tables, version: answer.version, beside: answer.beside });
    return answer.kind === 'absent'
      ? failed('unreadable', 'nft', 'nft lists no ruleset and says that there is no such file')
      : value({ tables: [], version: null, beside: [] });
  },
});
