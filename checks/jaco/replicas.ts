import { check } from '../../src/engine/check.ts';
import { judged, type NotJudged } from '../../src/engine/finding.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { dockerContainers } from '../../src/probes/docker/containers.ts';
import { dockerDeaths } from '../../src/probes/docker/deaths.ts';
import { lastWords } from '../../src/probes/docker/last-words.ts';
import { dockerProcess } from '../../src/probes/docker/process.ts';
import { dockerUnit } from '../../src/probes/docker/unit.ts';
import { identity } from '../../src/probes/host/identity.ts';
import { jacodConfig } from '../../src/probes/jaco/daemon/config.ts';
import { jacodProcess } from '../../src/probes/jaco/daemon/process.ts';
import { runtimeLines } from '../../src/probes/jaco/journal/runtime-lines.ts';
import { stableStatus } from '../../src/probes/jaco/raft/stable-status.ts';
import { deployments } from '../../src/probes/jaco/runtime/deployments.ts';
import { heartbeats } from '../../src/probes/jaco/runtime/heartbeats.ts';
import { manifests } from '../../src/probes/jaco/runtime/manifests.ts';
import { missingImages } from '../../src/probes/jaco/runtime/missing-images.ts';
import { registryCredentials } from '../../src/probes/jaco/runtime/registry-credentials.ts';
import { replicaCodes } from '../../src/probes/jaco/runtime/replica-codes.ts';
import { replicas } from '../../src/probes/jaco/runtime/replicas.ts';
import { NODE_STATUS_MS } from '../../src/probes/jaco/timing.ts';
import type { ReplicaContext } from './replicas/context.ts';
import { findingsOf } from './replicas/findings.ts';
import { type Judged, judgeDeployment } from './replicas/judge-deployment.ts';
import { raftLog } from './replicas/placement-age.ts';
import { type ReplicaView, replicaViews } from './replicas/replica-view.ts';
import { FAULTS } from './replicas/verdict.ts';

export default check({
  name: 'replicas',
  group: 'runtime',
  where: 'anywhere',
  title: 'every replica runs, by the word of Docker where it can be asked',
  reads: {
    replicas,
    deployments,
    containers: attempt(dockerContainers),
    deaths: attempt(dockerDeaths),
    words: attempt(lastWords),
    images: attempt(missingImages),
    engine: attempt(dockerProcess),
    unit: attempt(dockerUnit),
    codes: attempt(replicaCodes),
    beats: attempt(heartbeats),
    lines: attempt(runtimeLines),
    manifests: attempt(manifests),
    registries: attempt(registryCredentials),
    identity: attempt(identity),
    process: attempt(jacodProcess),
    settled: attempt(stableStatus),
    config: attempt(jacodConfig),
  },
  finds: FAULTS,
  judge(facts, now) {
    const here = factOf(facts.identity);
    const sights = replicaViews(
      {
        rows: facts.replicas.rows,
        deployments: facts.deployments.list,
        hostname: here?.hostname ?? null,
        codes: factOf(facts.codes),
        containers: facts.containers,
        deaths: factOf(facts.deaths),
        words: factOf(facts.words),
        lines: factOf(facts.lines),
        manifests: factOf(facts.manifests),
      },
      now,
    );
    const beatEveryMs = factOf(facts.config)?.settings?.nodeStatusIntervalMs ?? NODE_STATUS_MS;
    const around: ReplicaContext = {
      now,
      engineStartedAtMs: factOf(facts.unit)?.service.startedAtMs ?? factOf(facts.engine)?.startedAtMs ?? null,
      bootedAtMs: here?.bootedAtMs ?? null,
      daemonStartedAtMs: factOf(facts.process)?.main?.startedAtMs ?? null,
      dockerFailure: facts.containers.kind === 'failed' ? facts.containers.failure : null,
      raft: raftLog(factOf(facts.settled)?.last ?? null, facts.replicas.rows, beatEveryMs, now),
      missingImages: factOf(facts.images)?.images ?? [],
      beating: factOf(facts.beats)?.beating ?? [],
      registries: factOf(facts.registries)?.registries ?? null,
    };
    const all = byDeployment(sights).flatMap((some) => judgeDeployment(some, around));
    const { findings, omitted } = findingsOf(all);
    const beyond = [
      ...(omitted === 0 ? [] : [`${omitted} more services have such faults`]),
      ...(facts.replicas.omitted === 0 ? [] : [`${facts.replicas.omitted} more replicas were not read`]),
    ];
    return judged(findings, {
      evidence: tally(all, here?.hostname ?? null),
      notes: [...some(all.flatMap(({ verdict }) => (verdict.kind === 'normal' ? [verdict.note] : []))), ...beyond],
      notJudged: unseen(all),
    });
  },
});

function byDeployment(sights: readonly ReplicaView[]): readonly (readonly ReplicaView[])[] {
  const groups = new Map<string, ReplicaView[]>();
  for (const sight of sights) {
    const group = groups.get(sight.row.deployment);
    if (group === undefined) groups.set(sight.row.deployment, [sight]);
    else group.push(sight);
  }
  return [...groups.values()];
}

function tally(all: readonly Judged[], hostname: string | null): readonly string[] {
  if (all.length === 0) return ['there are no replicas'];
  const runs = all.filter(({ verdict }) => verdict.kind === 'runs');
  const seen = runs.filter(({ sight }) => typeof sight.container !== 'string').length;
  const told = runs.length - seen;
  return [
    `${runs.length} of ${all.length} replicas run`,
    ...(seen === 0 ? [] : [`${seen} of them here${hostname === null ? '' : ` on ${hostname}`}, as Docker has it`]),
    ...(told === 0 ? [] : [`${told} of them on other nodes, as JACO has it; Docker there is seen only there`]),
  ];
}

/** Replicas that nobody could judge, those with one reason in one. */
function unseen(all: readonly Judged[]): readonly NotJudged[] {
  const groups = new Map<string, { ids: string[]; reason: string; root: string | null }>();
  for (const { sight, verdict } of all) {
    if (verdict.kind !== 'unseen') continue;
    const key = `${verdict.root} ${verdict.reason}`;
    const group = groups.get(key) ?? { ids: [], reason: verdict.reason, root: verdict.root };
    group.ids.push(sight.row.id);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ ids, reason, root }) => {
    const subject = `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`;
    return root === null ? { subject, reason } : { subject, reason, root };
  });
}

function some(notes: readonly string[]): readonly string[] {
  return notes.length <= 8 ? notes : [...notes.slice(0, 8), `and ${notes.length - 8} more that are on their way`];
}
