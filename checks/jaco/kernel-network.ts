import { check } from '../../src/engine/check.ts';
import { judged, pass } from '../../src/engine/finding.ts';
import { isolationExpected } from '../../src/probes/jaco/isolation/isolation-expected.ts';
import { forwarding } from '../../src/probes/jaco/network/forwarding.ts';

/**
 * Interfaces that carry JACO's traffic: its bridges and its mesh (docs/jaco-daemon/network.md#mesh,
 * docs/jaco-daemon/runtime.md#docker-names).
 */
const OURS = /^jaco(0$|-)/;

export default check({
  name: 'kernel-network',
  group: 'isolation',
  where: 'node',
  title: 'this host passes packets on',
  // A host whose forwarding is not readable is reported as that, whatever the cluster expects of the host.
  requires: { forwarding, expected: isolationExpected },
  reads: { forwarding },
  finds: ['ip_forward_disabled'],
  judge({ forwarding: { all, off, strict } }) {
    const ours = off.filter((name) => OURS.test(name));
    const notes = strict.includes('jaco0')
      ? ['rp_filter is strict on jaco0: where the way back to a node is another one, its packets are dropped']
      : [];
    if (!all)
      return judged(
        [{ id: 'ip_forward_disabled', subject: null, evidence: ['net.ipv4.ip_forward is 0'], cause: 'host' }],
        { notes },
      );
    if (ours.length > 0) {
      const evidence = [`net.ipv4.ip_forward is 1, but forwarding is off on ${ours.slice(0, 10).join(', ')}`];
      return judged(
        [
          {
            id: 'ip_forward_disabled',
            subject: null,
            evidence,
            cause: 'interface',
            values: { interface: ours[0] ?? '' },
          },
        ],
        { notes },
      );
    }
    return pass(['net.ipv4.ip_forward is 1, and no interface of JACO is told otherwise'], { notes });
  },
});
