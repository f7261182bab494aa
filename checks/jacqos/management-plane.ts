import { check } from '../../src/engine/check.ts';
import { judged, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { verdictOf } from '../../src/probes/jacqos/health-verdict.ts';
import { managementHealth } from '../../src/probes/jacqos/management-health.ts';
import { namedIn } from '../../src/probes/jacqos/named.ts';
import { reported } from '../../src/probes/jacqos/reported.ts';
import { runtimeHealth } from '../../src/probes/jacqos/runtime-health.ts';

const FINDS = ['management_plane_unavailable', 'management_writes_disabled'] as const;

export default check({
  name: 'management-plane',
  group: 'reach',
  where: 'anywhere',
  title: 'the management plane answers and takes changes',
  reads: {
    health: managementHealth,
    cell: attempt(runtimeHealth),
    reported: attempt(reported),
    readiness: attempt(cloudReadiness),
    status: attempt(cloudStatus),
  },
  finds: FINDS,
  judge({ health, cell, reported, readiness, status }) {
    const verdicts = health.planes.map(verdictOf);
    const up = verdicts.filter((one) => one.kind === 'up');
    const down = verdicts.filter((one) => one.kind === 'down');
    const seen = up.map((one) => one.evidence);
    const all = up.length === verdicts.length;
    const planes = { kind: 'value', value: health } as const;
    const named = namedIn(FINDS, { reported, planes, readiness, status }, (id) =>
      id === 'management_plane_unavailable' && all ? seen.join('; ') : null,
    );
    const notes = [...named.notes, ...up.flatMap((one) => one.notes)];
    // With two planes named and one of them down, it is not known whether that one is meant.
    if (down.length === verdicts.length) {
      const serving =
        cell.kind === 'value' && verdictOf(cell.value).kind === 'up'
          ? ['the runtime cell answers: what is promoted already keeps serving']
          : [];
      const said = named.findings.filter(({ id }) => id !== FINDS[0]);
      const own = named.findings.filter(({ id }) => id === FINDS[0]).flatMap(({ evidence }) => evidence);
      const evidence = [...down.map((one) => one.evidence), ...own, ...serving];
      return judged([{ id: FINDS[0], subject: null, evidence, explains: ['health'] }, ...said], { notes });
    }
    if (named.findings.length > 0) return judged(named.findings, { notes, evidence: seen });
    if (all) return judged([], { notes, evidence: seen });
    const reasons = verdicts.flatMap((one) =>
      one.kind === 'unclear'
        ? [one.reason]
        : one.kind === 'down'
          ? [`${one.evidence}, and another plane is named too`]
          : [],
    );
    return unknown(reasons.join('; '), { notes, evidence: seen });
  },
});
