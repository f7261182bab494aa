import { readForwarding } from '../../host/forwarding.ts';
import { readIptables } from '../../host/iptables.ts';
import { readMainTable } from '../../host/routes.ts';
import { readRuleset } from '../../host/ruleset.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../jaco-probe.ts';

// Facts of src/probes/host about this host's network. They apply only if the doctor shares the daemon's network
// namespace, because another namespace has other rules and routes.

/** The kernel's forwarding settings. */
export const forwarding = probe({
  name: 'host.forwarding',
  observes: 'host',
  after: { network: daemonNetwork },
  deadlineMs: 1_500,
  async collect() {
    return readForwarding();
  },
});

/** The main routing table. */
export const mainRoutes = probe({
  name: 'host.routes',
  observes: 'host',
  after: { network: daemonNetwork },
  deadlineMs: 1_000,
  async collect() {
    return readMainTable();
  },
});

/** The tables of iptables. */
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

/** The whole nft ruleset. */
export const ruleset = probe({
  name: 'host.nft-ruleset',
  observes: 'host',
  right: 'root (CAP_NET_ADMIN)',
  after: { network: daemonNetwork },
  deadlineMs: 3_000,
  async collect(io, _, signal) {
    io.phase('nft');
    return readRuleset(signal);
  },
});
