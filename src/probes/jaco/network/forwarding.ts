import { notApplicable } from '../../../engine/outcome.ts';
import { readForwarding } from '../../host/forwarding.ts';
import { STAND_IN } from '../../io/io.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../io.ts';

/** The kernel's forwarding switches, where this program shares the daemon's network namespace. */
export const forwarding = probe({
  name: 'host.forwarding',
  after: { network: daemonNetwork },
  deadlineMs: 1_500,
  async collect({ settings }) {
    return settings.standIn === null ? readForwarding() : notApplicable(STAND_IN);
  },
});
