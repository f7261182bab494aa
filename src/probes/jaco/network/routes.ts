import { notApplicable } from '../../../engine/outcome.ts';
import { readMainTable } from '../../host/routes.ts';
import { STAND_IN } from '../../io/io.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../io.ts';

/** The main routing table, where this program shares the daemon's network namespace. */
export const routes = probe({
  name: 'host.routes',
  after: { network: daemonNetwork },
  deadlineMs: 1_000,
  async collect({ settings }) {
    return settings.standIn === null ? readMainTable() : notApplicable(STAND_IN);
  },
});
