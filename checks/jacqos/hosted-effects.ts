import { check } from '../../src/engine/check.ts';
import { judged } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { namedIn } from '../../src/probes/jacqos/named.ts';
import { observe } from '../../src/probes/jacqos/observe.ts';
import { reported } from '../../src/probes/jacqos/reported.ts';

const FINDS = ['hosted_effect_failure', 'manual_reconcile_required'] as const;

export default check({
  name: 'hosted-effects',
  group: 'effects',
  where: 'anywhere',
  title: 'no hosted effect failed or waits for a decision',
  reads: {
    reported: attempt(reported),
    readiness: attempt(cloudReadiness),
    status: attempt(cloudStatus),
    observed: attempt(observe),
  },
  finds: FINDS,
  applies: (sources) =>
    namedIn(FINDS, sources).findings.length > 0 ||
    'nothing that was asked names an effect; Studio shows them in Activity',
  judge(sources) {
    const { findings, notes } = namedIn(FINDS, sources);
    return judged(findings, { notes });
  },
});
