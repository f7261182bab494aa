import { readIptables } from '../../host/iptables.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../io.ts';

/** The tables of iptables, where this program shares the daemon's network namespace. */
export const iptables = probe({
  name: 'host.iptables',
  observes: 'host',
  right: 'root (CAP_NET_ADMIN)',
  after: { network: daemonNetwork },
  deadlineMs: 3_000,
  async collect(io, _, signal) {
    return readIptables(io, signal);
  },
});
