import { check } from '../../src/engine/check.ts';
import { judged } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { namedIn } from '../../src/probes/jacqos/named.ts';
import { observe } from '../../src/probes/jacqos/observe.ts';
import { reported } from '../../src/probes/jacqos/reported.ts';

const FINDS = [
  'runtime_export_quota_exceeded',
  'empty_lineage_not_found',
  'export_digest_drift',
  'replay_export_mismatch',
] as const;

export default check({
  name: 'replay',
  group: 'replay',
  where: 'anywhere',
  title: 'exports and replays agree',
  reads: {
    reported: attempt(reported),
    readiness: attempt(cloudReadiness),
    status: attempt(cloudStatus),
    observed: attempt(observe),
  },
  finds: FINDS,
  applies: (sources) =>
    namedIn(FINDS, sources).findings.length > 0 ||
    'only an export or a replay shows it: paste what one said with --from',
  judge(sources) {
    const { findings, notes } = namedIn(FINDS, sources);
    return judged(findings, { notes });
  },
});
