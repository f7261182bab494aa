import { readForwarding } from '../../host/forwarding.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../io.ts';

/** The kernel's forwarding switches, where this program shares the daemon's network namespace. */
export const forwarding = probe({
  name: 'host.forwarding',
  observes: 'host',
  after: { network: daemonNetwork },
  deadlineMs: 1_500,
  async collect() {
    return readForwarding();
  },
});
