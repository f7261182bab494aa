import { notApplicable } from '../../../engine/outcome.ts';
import { readRuleset } from '../../host/ruleset.ts';
import { STAND_IN } from '../../io/io.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../io.ts';

/** The whole nft ruleset, where this program shares the daemon's network namespace. */
export const ruleset = probe({
  name: 'host.nft-ruleset',
  right: 'root (CAP_NET_ADMIN)',
  after: { network: daemonNetwork },
  deadlineMs: 3_000,
  async collect(io, _, signal) {
    if (io.settings.standIn !== null) return notApplicable(STAND_IN);
    io.phase('nft');
    return readRuleset(signal);
  },
});
