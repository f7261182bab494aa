import { groupBy } from '../../../engine/group-by.ts';
import { factOf, type Outcome, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { type ContainerExit, type ContainerExits, containerExits } from '../../docker/container-exits.ts';
import { type Container, type Containers, dockerContainers } from '../../docker/containers.ts';
import { type LogTails, logTails } from '../../docker/log-tails.ts';
import { dockerProcess } from '../../docker/process.ts';
import { dockerUnit } from '../../docker/unit.ts';
import { identity } from '../../host/identity.ts';
import { jacodConfig } from '../daemon/jacod-config.ts';
import { jacodProcess } from '../daemon/jacod-process.ts';
import type { LoggedMessage } from '../journal/journal-entry.ts';
import { type RuntimeLines, runtimeLines } from '../journal/runtime-lines.ts';
import { stableStatus } from '../raft/stable-status.ts';
import { NODE_STATUS_MS, RETRY_LOG_MS } from '../timing.ts';
import { type Deployment, deployments } from './deployments.ts';
import { fillFromCompose } from './fill-from-compose.ts';
import { type ComposeService, type Manifest, manifests } from './manifests.ts';
import { missingImages } from './missing-images.ts';
import { placedReplicas } from './placed-replicas.ts';
import { placementAge, type RaftGrowth, raftGrowth } from './placement-age.ts';
import { type ReplicaCodes, replicaCodes } from './replica-codes.ts';
import type { UnansweredDeployments } from './replica-details.ts';
import type { Replica } from './replica-fact.ts';
import { replicaHealthReports } from './replica-health-reports.ts';
import type { Replicas } from './replicas.ts';

/** One replica, with all facts from JACO, Docker, the journal and its manifest. */
export type ReplicaView = {
  /** JACO's row. If restart_exhausted hid its code, the row from the moment in between. */
  readonly row: Replica;
  /** Whether it is placed on this node. */
  readonly isLocal: boolean;
  /** Its container; `none` if Docker has none, `unknown` on another node or if Docker was not asked. */
  readonly container: Container | 'none' | 'unknown';
  /** Recent ends of its container, oldest first. If there is a container, only its own. */
  readonly deaths: readonly ContainerExit[];
  /** The last output lines of its program. */
  readonly output: readonly string[];
  /** The last failed start, if it is one of the last three attempts. */
  readonly startFailure: LoggedMessage | null;
  /** Whether the journal of its node could be read here. */
  readonly journalRead: boolean;
  /** Its service in the stored compose file; null if that was not read. */
  readonly service: ComposeService | null;
  /** The longest time, in ms, for which it can have its current placement; null if nothing limits it. */
  readonly placedForMs: number | null;
  /** Whether Docker of this node lacks its image. */
  readonly imageMissing: boolean;
  /** Whether an old health report of it was renewed during the run: the clocks differ, and it is not stale. */
  readonly healthRenewed: boolean;
};

/**
 * Every replica of an existing deployment, and facts about all of them. Times in ms since the epoch; null if unknown.
 */
export type ReplicaViews = {
  readonly views: readonly ReplicaView[];
  /** Replicas that were not read because there are too many. */
  readonly omitted: number;
  readonly from: Replicas['from'];
  /** Deployments that GetReplicas was asked for, if Deploy.Status lists the rest. */
  readonly detailed: readonly string[];
  readonly unanswered: UnansweredDeployments | null;
  readonly hostname: string | null;
  readonly bootedAtMs: number | null;
  readonly engineStartedAtMs: number | null;
  readonly daemonStartedAtMs: number | null;
};

/** Joins all facts about each replica. */
export const replicaViews = derive({
  name: 'jaco.replica-views',
  from: {
    replicas: placedReplicas,
    deployments,
    containers: attempt(dockerContainers),
    deaths: attempt(containerExits),
    words: attempt(logTails),
    images: attempt(missingImages),
    engine: attempt(dockerProcess),
    unit: attempt(dockerUnit),
    codes: attempt(replicaCodes),
    beats: attempt(replicaHealthReports),
    lines: attempt(runtimeLines),
    manifests: attempt(manifests),
    identity: attempt(identity),
    process: attempt(jacodProcess),
    settled: attempt(stableStatus),
    config: attempt(jacodConfig),
  },
  derive(facts, now) {
    const { rows, omitted, from, detailed = [], unanswered = null } = facts.replicas;
    const host = factOf(facts.identity);
    const memberMs = factOf(facts.config)?.settings?.nodeStatusIntervalMs ?? NODE_STATUS_MS;
    return value<ReplicaViews>({
      views: joinViews(
        {
          rows,
          deployments: facts.deployments.list,
          hostname: host?.hostname ?? null,
          codes: factOf(facts.codes),
          containers: facts.containers,
          deaths: factOf(facts.deaths),
          words: factOf(facts.words),
          lines: factOf(facts.lines),
          manifests: factOf(facts.manifests),
          raft: raftGrowth(factOf(facts.settled)?.last ?? null, rows, memberMs, now),
          missingImages: factOf(facts.images)?.images ?? [],
          beating: factOf(facts.beats)?.beating ?? [],
        },
        now,
      ),
      omitted,
      from,
      detailed,
      unanswered,
      hostname: host?.hostname ?? null,
      bootedAtMs: host?.bootedAtMs ?? null,
      engineStartedAtMs: factOf(facts.unit)?.service.startedAtMs ?? factOf(facts.engine)?.startedAtMs ?? null,
      daemonStartedAtMs: factOf(facts.process)?.main?.startedAtMs ?? null,
    });
  },
});

type Sources = {
  readonly rows: readonly Replica[];
  readonly deployments: readonly Deployment[];
  readonly hostname: string | null;
  readonly codes: ReplicaCodes | null;
  readonly containers: Outcome<Containers>;
  readonly deaths: ContainerExits | null;
  readonly words: LogTails | null;
  readonly lines: RuntimeLines | null;
  readonly manifests: readonly Manifest[] | null;
  readonly raft: RaftGrowth | null;
  readonly missingImages: readonly string[];
  readonly beating: readonly string[];
};

/** Rows of deployments that no longer exist are left out: orphan_replica reports them. */
function joinViews(sources: Sources, now: number): readonly ReplicaView[] {
  const { rows, hostname, codes, words, lines, raft } = sources;
  const deploymentsByName = new Map(sources.deployments.map((one) => [one.name, one]));
  const manifestsByName = new Map(sources.manifests?.map((one) => [one.deployment, one]) ?? []);
  const missing = new Set(sources.missingImages);
  const beating = new Set(sources.beating);
  const containerOf = containerLookup(factOf(sources.containers));
  const deathsOf = deathLookup(sources.deaths);
  return rows.flatMap((listed): readonly ReplicaView[] => {
    const deployment = deploymentsByName.get(listed.deployment);
    if (deployment === undefined) return [];
    const service = manifestsByName.get(listed.deployment)?.services.find((one) => one.name === listed.service) ?? null;
    const report = codes?.[listed.id];
    const shown = report === undefined ? listed : { ...listed, ...report, host: listed.host };
    const row = fillFromCompose(shown, service, rows);
    const isLocal = row.host === hostname;
    const container = isLocal ? containerOf(row.id) : 'unknown';
    const failure = isLocal ? (lines?.startFailed[row.id] ?? null) : null;
    return [
      {
        row,
        isLocal,
        container,
        deaths: isLocal ? deathsOf(row.id, container) : [],
        output: typeof container === 'string' ? [] : (words?.[container.id] ?? []),
        startFailure: failure !== null && now - failure.atMs < RETRY_LOG_MS ? failure : null,
        journalRead: isLocal && lines?.seen === true,
        service,
        placedForMs: placementAge(row, deployment, raft, now),
        imageMissing: row.image !== null && missing.has(row.image),
        healthRenewed: beating.has(row.id),
      },
    ];
  });
}

function containerLookup(containers: Containers | null): (replica: string) => ReplicaView['container'] {
  // Of several containers JACO uses the newest, which Docker lists first. An older container of the same name is not
  // the replica.
  const byReplica = new Map(containers?.list.map((one) => [one.replica, one] as const).reverse() ?? []);
  // If some containers were not kept because there are too many, one that is missing here may exist.
  const otherwise = containers === null || containers.omitted > 0 ? 'unknown' : 'none';
  return (replica) => byReplica.get(replica) ?? otherwise;
}

function deathLookup(
  deaths: ContainerExits | null,
): (replica: string, container: ReplicaView['container']) => readonly ContainerExit[] {
  const byReplica = groupBy(deaths?.list ?? [], ({ replica }) => replica);
  return (replica, container) => {
    const all = byReplica.get(replica) ?? [];
    return typeof container === 'string' ? all : all.filter((death) => death.container === container.id);
  };
}
