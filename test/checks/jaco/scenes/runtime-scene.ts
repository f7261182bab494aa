import { readFileSync } from 'node:fs';
import { jaco } from '../../../../checks/jaco.ts';
import { type Failure, notApplicable, type Outcome, value } from '../../../../src/engine/outcome.ts';
import type { ContainerExit } from '../../../../src/probes/docker/container-exits.ts';
import { parseInspection } from '../../../../src/probes/docker/containers/parse-container.ts';
import type { Container, Inspection } from '../../../../src/probes/docker/containers.ts';
import type { DockerEngine } from '../../../../src/probes/docker/engine.ts';
import { type Network, parseNetwork } from '../../../../src/probes/docker/networks.ts';
import type { DockerUnit } from '../../../../src/probes/docker/unit.ts';
import { type RuntimeLines, readRuntimeLines } from '../../../../src/probes/jaco/journal/runtime-lines.ts';
import type { DeploymentEvent } from '../../../../src/probes/jaco/runtime/deployment-events.ts';
import { type Deployment, deploymentFact } from '../../../../src/probes/jaco/runtime/deployments.ts';
import type { DockerAccess } from '../../../../src/probes/jaco/runtime/docker-access.ts';
import type { Manifest } from '../../../../src/probes/jaco/runtime/manifests.ts';
import type { RaftLogRate } from '../../../../src/probes/jaco/runtime/raft-log-rate.ts';
import type { UnansweredDeployments } from '../../../../src/probes/jaco/runtime/replica-details.ts';
import { type Replica, replicaFact } from '../../../../src/probes/jaco/runtime/replica-fact.ts';
import { DeploymentStatus, ReplicaState } from '../../../../src/wire/jaco.ts';
import { brief, type Given, judgeFacts, onlyGroups, outcomeOf } from '../../scene.ts';

/** The run's clock of a scene without a time. */
export const NOW = Date.parse('2026-11-21T12:00:00Z');
const HERE = 'jaco-1';
const CLUSTER = '80226b25-afd5-44c7-b2e8-7e297353a32d';
const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** A replica that runs here, according to JACO. */
export function replica(given: Partial<Replica> = {}): Replica {
  return {
    id: 'shop-web-0',
    deployment: 'shop',
    service: 'web',
    host: HERE,
    image: 'nginx:1',
    revision: '35',
    state: 'running',
    code: '',
    message: null,
    reason: null,
    exitCode: null,
    network: null,
    ips: {},
    startedAtMs: null,
    containerId: 'c'.repeat(12),
    lastHealthAtMs: NOW - 2 * SECOND,
    dependsOn: [],
    ...given,
  };
}

/** A replica that was placed but never reported. */
export const unreported = (given: Partial<Replica> = {}): Replica =>
  replica({ state: 'none', containerId: '', lastHealthAtMs: null, ...given });

export function deployment(given: Partial<Deployment> = {}): Deployment {
  return {
    name: 'shop',
    status: 'active',
    reason: null,
    appliedRevision: '1',
    previousRevision: '0',
    services: [{ name: 'web', replicas: 1, placement: 'spread', hosts: [], networks: ['back'] }],
    updatedAtMs: NOW - HOUR,
    ...given,
  };
}

/** An inspection of a container that has run for an hour. */
export function look(given: Partial<Inspection> = {}): Inspection {
  return {
    atMs: NOW,
    state: 'running',
    startedAtMs: NOW - HOUR,
    finishedAtMs: null,
    exitCode: 0,
    outOfMemory: false,
    error: null,
    health: null,
    startPeriodMs: 0,
    startingForMs: 240_000,
    dns: ['10.244.0.1'],
    ...given,
  };
}

/** The container of {@link replica}; `seen` is its state. */
export function containerWith(seen: Partial<Inspection> = {}, given: Partial<Container> = {}): Container {
  const looked = look(seen);
  return {
    id: 'c'.repeat(64),
    name: 'jaco_shop-web-0',
    replica: 'shop-web-0',
    deployment: 'shop',
    service: 'web',
    clusterId: CLUSTER,
    revision: '35',
    state: looked.state,
    settled: false,
    createdAtMs: NOW - HOUR,
    networks: [{ name: 'jaco_shop_back', ip: '10.244.0.2' }],
    look: looked,
    again: null,
    ...given,
  };
}

export function network(name: string, subnet: string, deployment: string | null, clusterId = CLUSTER): Network {
  return {
    id: 'abcdef012345',
    name,
    subnets: [subnet],
    bridge: 'jaco-5042-61bb',
    createdAtMs: NOW - HOUR,
    jaco: deployment === null ? null : { clusterId, deployment, network: 'back', subnet },
  };
}

/** The default is a healthy node with one deployment. A failure represents a probe that could not run. */
export type Scene = {
  readonly rows?: readonly Replica[] | Failure;
  /** Deployments for which GetReplicas gave no answer, and why; the rows are those of the others. */
  readonly unanswered?: UnansweredDeployments;
  readonly deployments?: readonly Deployment[];
  readonly containers?: readonly Container[] | Failure;
  /** Containers beyond the limit. */
  readonly omitted?: number;
  readonly networks?: readonly Network[];
  readonly deaths?: readonly ContainerExit[];
  readonly words?: { readonly [container: string]: readonly string[] };
  readonly engine?: DockerEngine | Failure | 'remote';
  readonly unit?: DockerUnit;
  /** When the engine's process was started, ms since the epoch. */
  readonly engineStarted?: number;
  readonly access?: DockerAccess;
  readonly lines?: Partial<RuntimeLines>;
  readonly manifests?: readonly Manifest[];
  readonly events?: readonly DeploymentEvent[];
  readonly codes?: { readonly [id: string]: Replica };
  readonly beating?: readonly string[];
  readonly ghosts?: readonly string[];
  readonly pace?: RaftLogRate;
  readonly registries?: readonly string[];
  readonly missingImages?: readonly string[];
  /** The end of the raft log. */
  readonly raftIndex?: string;
  /** The time of each member's heartbeat, in ms since the epoch, and the configured interval. */
  readonly beats?: readonly number[];
  readonly beatEveryMs?: number;
  readonly now?: number;
  /** When the daemon was started, ms since the epoch. */
  readonly started?: number;
};

export const ENGINE: DockerEngine = {
  socket: '/var/run/docker.sock',
  apiVersion: '1.41',
  info: { version: '20.10.24', rootDir: '/var/lib/docker', space: null },
  infoMissing: null,
};

const isFailure = (given: unknown): given is Failure => typeof given === 'object' && given !== null && 'why' in given;

/** The six checks of engine and runtime over a scene, in order: one row each, by name. */
export function judgeRuntime(scene: Scene = {}) {
  const now = scene.now ?? NOW;
  const remote = scene.engine === 'remote';
  const engine = scene.engine ?? ENGINE;
  const docker = (given: unknown): Outcome =>
    remote
      ? notApplicable('visible only on the node itself')
      : isFailure(engine)
        ? outcomeOf(engine)
        : outcomeOf(given);
  const listed = (list: unknown, omitted = 0): unknown => (isFailure(list) ? list : { list, omitted });
  const rows = scene.rows ?? [replica()];
  const unanswered = scene.unanswered ? { of: ['shop'], unanswered: scene.unanswered } : {};
  const given: Given = {
    'jaco.known-leader': notApplicable('no part of this scene'),
    'docker.engine': docker(engine),
    'docker.unit': scene.unit ? value(scene.unit) : notApplicable('systemd did not boot this host'),
    'docker.process':
      scene.engineStarted === undefined
        ? notApplicable('not read')
        : value({ pid: 7, program: 'dockerd', startedAtMs: scene.engineStarted }),
    'docker.access': scene.access ? value(scene.access) : notApplicable('not read'),
    'docker.containers': docker(listed(scene.containers ?? [containerWith()], scene.omitted)),
    'docker.networks': docker(listed(scene.networks ?? [network('jaco_shop_back', '10.244.0.0/24', 'shop')])),
    'docker.deaths': docker({ list: scene.deaths ?? [] }),
    'docker.last-words': docker(scene.words ?? {}),
    'docker.missing-images': docker({ images: scene.missingImages ?? [] }),
    'host.identity': remote
      ? notApplicable('visible only on the node itself')
      : outcomeOf({
          hostname: HERE,
          uid: 0,
          user: 'root',
          groups: ['root'],
          root: true,
          systemd: false,
          bootedAtMs: 0,
        }),
    'jaco.replicas': outcomeOf(isFailure(rows) ? rows : { rows, omitted: 0, ...unanswered }),
    'jaco.deployments': outcomeOf(
      isFailure(rows)
        ? rows
        : { list: scene.deployments ?? [deployment()], omitted: 0, replicas: { list: [], omitted: 0 } },
    ),
    'jaco.deployment-events': outcomeOf({ events: scene.events ?? [], sinceMs: now - 24 * HOUR, cut: false }),
    'jaco.cluster-id': outcomeOf({ id: CLUSTER }),
    'jaco.manifests': outcomeOf(scene.manifests ?? []),
    'jaco.raft-pace': scene.pace ? outcomeOf(scene.pace) : notApplicable('not measured'),
    'jaco.replica-codes': scene.codes ? outcomeOf(scene.codes) : notApplicable('not watched'),
    'jaco.replica-beats': scene.beating ? outcomeOf({ beating: scene.beating }) : notApplicable('not watched'),
    'jaco.stored-again': scene.ghosts ? outcomeOf({ ghosts: scene.ghosts }) : notApplicable('not sampled again'),
    'jaco.registry-credentials': scene.registries
      ? outcomeOf({ registries: scene.registries })
      : notApplicable('not asked'),
    'jaco.process': outcomeOf({ main: scene.started === undefined ? null : { startedAtMs: scene.started } }),
    'jaco.config': outcomeOf({
      settings: { ipamPool: '10.244.0.0/16', nodeStatusIntervalMs: scene.beatEveryMs ?? 30 * SECOND },
    }),
    'jaco.leader-settles': scene.raftIndex
      ? outcomeOf({
          samples: [],
          last: {
            nodes: (scene.beats ?? []).map((lastPressureAtMs) => ({ lastPressureAtMs })),
            raftIndex: scene.raftIndex,
          },
          lost: null,
        })
      : notApplicable('not read'),
    'jaco.runtime-lines': outcomeOf({ ...readRuntimeLines(null), ...scene.lines }),
  };
  return judgeFacts(onlyGroups(jaco, 'engine', 'runtime'), given, { now });
}

/** Every row that does not pass, in short. */
export function troubles(scene: Scene): Record<string, string> {
  const rows = Object.entries(judgeRuntime(scene)).map(([name, row]) => [name, brief(row)] as const);
  return Object.fromEntries(rows.filter(([, said]) => said !== 'pass'));
}

type Capture = {
  readonly replicas?: readonly {
    readonly container_id: string;
    readonly state: 'RUNNING';
    readonly revision: number;
    readonly restart_count: number;
    readonly started_at: string | null;
    readonly last_health_at: string | null;
    readonly depends_on: readonly { service: string; condition: string; satisfied: boolean }[];
  }[];
  readonly deployments?: readonly {
    readonly applied_revision: number;
    readonly previous_revision: number;
    readonly status: 'ACTIVE';
    readonly status_details: { [key: string]: string };
    readonly updated_at: string | null;
  }[];
  readonly containers?: readonly {
    readonly Id: string;
    readonly Name: string;
    readonly Created: string;
    readonly State: { readonly Status: string };
    readonly Config: { readonly Labels: { readonly [key: string]: string } };
    readonly NetworkSettings: { readonly Networks: { readonly [name: string]: { readonly IPAddress: string } } };
  }[];
  readonly networks?: readonly unknown[];
  readonly audit?: readonly { type: string; identity: string; ts: string | null; payload: { [key: string]: string } }[];
};

const stamp = (text: string | null) =>
  text === null
    ? undefined
    : { seconds: String(Math.floor(Date.parse(text) / 1000)), nanos: (Date.parse(text) % 1000) * 1e6 };

/** A captured real daemon and its engine: the scene of jaco-1 at the time of its newest inspection. */
export function captured(name: string): Scene & { readonly now: number } {
  const file = new URL(`../../../captures/runtime/${name}.json`, import.meta.url);
  const capture = JSON.parse(readFileSync(file, 'utf8')) as Capture;
  const rows = (capture.replicas ?? []).map((row) =>
    replicaFact({
      ...row,
      containerId: row.container_id,
      state: ReplicaState[row.state],
      revision: String(row.revision),
      startedAt: stamp(row.started_at),
      lastHealthAt: stamp(row.last_health_at),
      dependsOn: row.depends_on.map((one) => ({ ...one, state: ReplicaState.UNSPECIFIED })),
    } as never),
  );
  const deployments = (capture.deployments ?? []).map((one) =>
    deploymentFact({
      ...one,
      appliedRevision: String(one.applied_revision),
      previousRevision: String(one.previous_revision),
      status: DeploymentStatus[one.status],
      statusDetails: one.status_details,
      updatedAt: stamp(one.updated_at),
    } as never),
  );
  const times = [...rows.map((row) => row.lastHealthAtMs ?? 0), ...deployments.map((one) => one.updatedAtMs ?? 0)];
  const now = Math.max(...times) + 2_000;
  const containers = (capture.containers ?? []).map((one): Container => {
    const { Id, Name, Created, Config, NetworkSettings, State } = one;
    const label = (key: string): string => Config.Labels[`jaco.${key}`] ?? '';
    return {
      id: Id,
      name: Name.slice(1),
      replica: label('replica_id'),
      deployment: label('deployment'),
      service: label('service'),
      clusterId: CLUSTER,
      revision: label('raft_index'),
      state: State.Status,
      settled: false,
      createdAtMs: Date.parse(Created),
      networks: Object.entries(NetworkSettings.Networks).map(([name, { IPAddress }]) => ({ name, ip: IPAddress })),
      look: parseInspection(one, now),
      again: null,
    };
  });
  const kinds = { apply: 'apply', delete: 'delete', rollback: 'rollback' } as const;
  const events = (capture.audit ?? []).flatMap(({ type, identity, ts, payload }): DeploymentEvent[] => {
    const kind = kinds[type as keyof typeof kinds];
    return kind === undefined || ts === null
      ? []
      : [{ kind, identity, deployment: payload['deployment'] ?? '', atMs: Date.parse(ts) }];
  });
  return { rows, deployments, containers, networks: (capture.networks ?? []).map(parseNetwork), events, now };
}
