import { check } from '../../src/engine/check.ts';
import { judged, type NotJudged } from '../../src/engine/finding.ts';
import { groupBy } from '../../src/engine/group-by.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { dockerContainers } from '../../src/probes/docker/containers.ts';
import { registryCredentials } from '../../src/probes/jaco/runtime/registry-credentials.ts';
import { replicaDetails } from '../../src/probes/jaco/runtime/replica-details.ts';
import { type ReplicaViews, replicaViews } from '../../src/probes/jaco/runtime/replica-views.ts';
import { type JudgedReplica, judgeDeployment } from './replicas/judge-deployment.ts';
import type { ReplicaContext } from './replicas/replica-context.ts';
import { replicaFindings } from './replicas/replica-findings.ts';
import { FAULTS, type ReplicaVerdict } from './replicas/replica-verdict.ts';

export default check({
  name: 'replicas',
  group: 'runtime',
  where: 'anywhere',
  title: 'every replica is running',
  reads: {
    replicas: replicaViews,
    containers: attempt(dockerContainers),
    registries: attempt(registryCredentials),
  },
  finds: FAULTS,
  judge({ replicas: { views, omitted, from, detailed, unanswered, hostname, ...node }, containers, registries }, now) {
    const context: ReplicaContext = {
      ...node,
      now,
      dockerFailure: containers.kind === 'failed' ? containers.failure : null,
      registries: factOf(registries)?.registries ?? null,
    };
    const byDeployment = groupBy(views, ({ row }) => row.deployment);
    const all = [...byDeployment.values()].flatMap((group) => judgeDeployment(group, context));
    const { findings, omitted: unlisted } = replicaFindings(all);
    const beyond = [
      ...(unlisted === 0 ? [] : [`${unlisted} more services have such faults`]),
      ...(omitted === 0 ? [] : [`${omitted} more replicas were not read`]),
    ];
    return judged(findings, {
      evidence: [...tally(all, hostname), ...sourceOf(from, detailed)],
      notes: [...firstNotes(all.flatMap(({ verdict }) => notesOf(verdict))), ...beyond],
      notJudged: [...notJudgedOf(all), ...notDetailed(unanswered)],
    });
  },
});

function notesOf(verdict: ReplicaVerdict): readonly string[] {
  const note = verdict.kind === 'normal' || verdict.kind === 'running' ? verdict.note : undefined;
  return note === undefined ? [] : [note];
}

/** The limits of a release without GetReplicas (docs/jaco-daemon/releases.md#old-replica-lists). */
const OLD_LIST =
  'this release lists replicas without image, desired revision and restart count, and gives the host only of those that are not running';

/** Which call listed the replicas. */
function sourceOf(from: ReplicaViews['from'], detailed: readonly string[]): readonly string[] {
  if (from === 'details') return [];
  if (from === 'status') return [OLD_LIST];
  if (detailed.length === 0) return ['Deploy.Status lists the replicas; GetReplicas was not needed'];
  const named = `${detailed.slice(0, 5).join(', ')}${detailed.length > 5 ? ` and ${detailed.length - 5} more` : ''}`;
  return [`Deploy.Status lists the replicas; GetReplicas gave image, desired revision and dependencies of ${named}`];
}

/** Deployments whose desired revision is not known, because GetReplicas gave no answer. */
function notDetailed(unanswered: ReplicaViews['unanswered']): readonly NotJudged[] {
  if (unanswered === null) return [];
  const { of, why } = unanswered;
  const subject = `${of.slice(0, 5).join(', ')}${of.length > 5 ? ` and ${of.length - 5} more` : ''}`;
  const reason = `judged by Deploy.Status only; the desired revision and the dependencies are not known, because GetReplicas failed: ${why}`;
  return [{ subject, reason, next: { kind: 'again' }, root: replicaDetails.name }];
}

function tally(all: readonly JudgedReplica[], hostname: string | null): readonly string[] {
  if (all.length === 0) return ['there are no replicas'];
  const running = all.filter(({ verdict }) => verdict.kind === 'running');
  const inspected = running.filter(({ view }) => typeof view.container !== 'string').length;
  const reported = running.length - inspected;
  return [
    `${running.length} of ${all.length} replicas are running`,
    ...(inspected === 0
      ? []
      : [`${inspected} of them on this node${hostname === null ? '' : ` ${hostname}`}, as Docker reports`]),
    ...(reported === 0
      ? []
      : [`${reported} of them on other nodes, as JACO reports; their Docker is not visible from here`]),
  ];
}

/** Replicas that could not be judged, grouped by reason. */
function notJudgedOf(all: readonly JudgedReplica[]): readonly NotJudged[] {
  const groups = new Map<string, { ids: string[]; verdict: Extract<ReplicaVerdict, { kind: 'unknown' }> }>();
  for (const { view, verdict } of all) {
    if (verdict.kind !== 'unknown') continue;
    const key = `${verdict.root} ${verdict.reason}`;
    const group = groups.get(key) ?? { ids: [], verdict };
    group.ids.push(view.row.id);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ ids, verdict: { reason, next, root } }) => {
    const subject = `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`;
    return { subject, reason, next, ...(root === null ? {} : { root }) };
  });
}

function firstNotes(notes: readonly string[]): readonly string[] {
  return notes.length <= 8 ? notes : [...notes.slice(0, 8), `and ${notes.length - 8} more that are starting`];
}
