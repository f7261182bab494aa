import { readMainTable } from '../../host/routes.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../io.ts';

/** The main routing table, where this program shares the daemon's network namespace. */
export const routes = probe({
  name: 'host.routes',
  observes: 'host',
  after: { network: daemonNetwork },
  deadlineMs: 1_000,
  async collect() {
    return readMainTable();
  },
});
