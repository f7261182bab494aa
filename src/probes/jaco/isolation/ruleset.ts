import { readRuleset } from '../../host/ruleset.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../io.ts';

/** The whole nft ruleset, where this program shares the daemon's network namespace. */
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
