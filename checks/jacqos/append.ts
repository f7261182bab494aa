import { check } from '../../src/engine/check.ts';
import { judged } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { namedIn } from '../../src/probes/jacqos/named.ts';
import { observe } from '../../src/probes/jacqos/observe.ts';
import { reported } from '../../src/probes/jacqos/reported.ts';

const FINDS = [
  'hosted_projection_stale',
  'append_policy_denied',
  'runtime_observation_quota_exceeded',
  'idempotency_conflict',
] as const;

export default check({
  name: 'append',
  group: 'append',
  where: 'anywhere',
  title: 'appends are taken',
  reads: {
    reported: attempt(reported),
    readiness: attempt(cloudReadiness),
    status: attempt(cloudStatus),
    observed: attempt(observe),
  },
  finds: FINDS,
  applies: (sources) =>
    namedIn(FINDS, sources).findings.length > 0 || 'only an append shows it: paste what one said with --from',
  judge(sources) {
    const { findings, notes } = namedIn(FINDS, sources);
    return judged(findings, { notes });
  },
});
