import { failed, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { daemonCapabilities } from './daemon-capabilities.ts';

/**
 * Refuses if the daemon runs in another network namespace than the doctor, as in a container. Firewall, listeners and
 * name servers seen from here would then be those of another host, so all probes of them depend on this.
 */
export const daemonNetwork = derive({
  name: 'jaco.daemon-network',
  where: 'node',
  from: { reach: attempt(daemonCapabilities) },
  derive: ({ reach }) =>
    reach.kind === 'value' && reach.value.network === 'other'
      ? failed(
          'withheld',
          'network',
          'jacod is in a different network namespace than the doctor, with a different firewall: run the doctor there (nsenter -t PID -n)',
        )
      : value({ seen: reach.kind === 'value' && reach.value.network === 'same' }),
});
