import { createHash } from 'node:crypto';
import { AuditEventType, DeploymentStatus, Placement, type ReplicaDetail, ReplicaState } from '../../wire/jaco.ts';
import type { DemoContainer } from './docker/objects.ts';
import { CLUSTER_ID, type HealthyCluster } from './healthy-cluster.ts';
import { timestamp } from './members.ts';
import { addAuditEvent } from './replicated-state.ts';

/** A service of a stand-in deployment. */
export type Service = {
  readonly name: string;
  /**
   * The nodes of its replicas, in order; by default one on demo-1. Members that are only listed get rows, but no
   * containers.
   */
  readonly on?: readonly number[];
  readonly image?: string;
  readonly dependsOn?: readonly string[];
  readonly healthcheck?: boolean;
  readonly global?: boolean;
  /** Further lines of its compose file, indented by four. */
  readonly compose?: string;
};

const HOUR = 3_600_000;
const REVISION = '40';

/**
 * Deploys running services: rows, containers and networks like those of the real daemon
 * (docs/jaco-daemon/runtime.md#healthy-replica).
 */
export function deploy(
  cluster: HealthyCluster,
  name: string,
  services: readonly Service[],
  appliedAt = Date.now() - HOUR,
): void {
  const { content } = cluster;
  content.deploy.deployments.push({
    name,
    appliedRevision: '1',
    previousRevision: '0',
    status: DeploymentStatus.ACTIVE,
    statusDetails: {},
    jacoYaml: `deployment: ${name}\n`,
    composeYaml: composeYaml(services),
    services: services.map((service) => ({
      name: service.name,
      replicas: service.global ? 0 : (service.on ?? [1]).length,
      placement: service.global ? Placement.GLOBAL : Placement.SPREAD,
      hosts: [],
      networks: ['back'],
    })),
    updatedAt: timestamp(appliedAt),
    acmeEmail: '',
  });
  addAuditEvent(content, {
    type: AuditEventType.APPLY,
    identity: 'local',
    at: appliedAt,
    payload: { deployment: name, revision: '1' },
  });
  for (const service of services) {
    for (const [index, number] of (service.on ?? [1]).entries())
      placeReplica(cluster, name, service, index, number, appliedAt);
  }
}

/** Places one running replica on demo-`number`. */
function placeReplica(
  cluster: HealthyCluster,
  deployment: string,
  service: Service,
  index: number,
  number: number,
  appliedAt: number,
): void {
  const node = cluster.nodes[number - 1] ?? null;
  const host = node?.memberName ?? `demo-${number}`;
  const id = `${deployment}-${service.name}-${service.global ? host : index}`;
  const network = `jaco_${deployment}_back`;
  const subnet = node === null ? '10.244.0.0/24' : subnetOf(cluster, network, number, deployment);
  const replicaContainer: DemoContainer = {
    id: createHash('sha256').update(id).digest('hex'),
    name: `jaco_${id}`,
    image: service.image ?? 'nginx:1',
    labels: {
      'jaco.cluster_id': CLUSTER_ID,
      'jaco.deployment': deployment,
      'jaco.service': service.name,
      'jaco.replica_id': id,
      'jaco.replica_index': String(index),
      'jaco.raft_index': REVISION,
    },
    state: 'running',
    createdAt: appliedAt,
    startedAt: appliedAt + 500,
    finishedAt: null,
    exitCode: 0,
    outOfMemory: false,
    error: '',
    health: service.healthcheck ? { status: 'healthy', output: '', startPeriodMs: 0 } : null,
    dns: [subnet.replace(/0\/24$/, '1')],
    networks: { [network]: subnet.replace(/0\/24$/, String(10 + (node?.docker.containers.length ?? index))) },
    log: ['listening'],
  };
  node?.docker.containers.push(replicaContainer);
  node?.docker.images.add(replicaContainer.image);
  const observed = {
    state: ReplicaState.RUNNING,
    code: '',
    message: '',
    details: { [`ip.${network}`]: replicaContainer.networks[network] ?? '' },
    containerId: replicaContainer.id,
    host,
    startedAt: timestamp(appliedAt + 5_000),
    lastHealthAt: timestamp(Date.now()),
  };
  cluster.content.deploy.replicas.push({ id, ...observed });
  cluster.content.replicas.push({
    ...{
      id,
      deployment,
      service: service.name,
      index,
      image: replicaContainer.image,
      revision: REVISION,
      restartCount: 0,
    },
    lastAttemptAt: undefined,
    dependsOn: (service.dependsOn ?? []).map((name) => {
      return { service: name, condition: 'service_started', state: ReplicaState.RUNNING, satisfied: true };
    }),
    ...observed,
  });
}

/** The network of a deployment on one node, with the lowest /24 that is free in the cluster. */
function subnetOf(cluster: HealthyCluster, name: string, number: number, deployment: string): string {
  const { docker } = cluster.node(number);
  const existing = docker.networks.find((network) => network.name === name);
  if (existing !== undefined) return existing.subnet;
  const taken = new Set(cluster.nodes.flatMap((node) => node.docker.networks.map((network) => network.subnet)));
  let octet = 0;
  while (taken.has(`10.244.${octet}.0/24`)) octet += 1;
  const subnet = `10.244.${octet}.0/24`;
  const labels = {
    'jaco.cluster_id': CLUSTER_ID,
    'jaco.deployment': deployment,
    'jaco.network': 'back',
    'jaco.subnet': subnet,
  };
  docker.networks.push({ name, subnet, labels });
  return subnet;
}

/** The row of a replica in GetReplicas. */
export function replicaRow(cluster: HealthyCluster, id: string): ReplicaDetail {
  const match = cluster.content.replicas.find((one) => one.id === id);
  if (match === undefined) throw new RangeError(`no replica ${id}`);
  return match;
}

/** The container of a replica, on any node. */
export function replicaContainer(cluster: HealthyCluster, id: string): DemoContainer {
  const containers = cluster.nodes.flatMap((node) => node.docker.containers);
  const match = containers.find((one) => one.labels['jaco.replica_id'] === id);
  if (match === undefined) throw new RangeError(`no container of ${id}`);
  return match;
}

/** Removes the container of a replica. */
export function removeContainer(cluster: HealthyCluster, id: string): void {
  for (const { docker } of cluster.nodes) {
    const index = docker.containers.findIndex((one) => one.labels['jaco.replica_id'] === id);
    if (index >= 0) docker.containers.splice(index, 1);
  }
}

/**
 * A replica that was placed but never reported: state 0, and no row in Deploy.Status
 * (docs/jaco-daemon/runtime.md#never-started).
 */
export function clearReport(cluster: HealthyCluster, id: string): void {
  const { content } = cluster;
  Object.assign(replicaRow(cluster, id), {
    state: ReplicaState.UNSPECIFIED,
    containerId: '',
    details: {},
    startedAt: undefined,
    lastHealthAt: undefined,
  });
  content.deploy.replicas = content.deploy.replicas.filter((one) => one.id !== id);
}

function composeYaml(services: readonly Service[]): string {
  const lines = services.map(({ name, image = 'nginx:1', dependsOn = [], compose = '' }) => {
    const dependencies = dependsOn.length === 0 ? '' : `    depends_on: [${dependsOn.join(', ')}]\n`;
    return `  ${name}:\n    image: ${image}\n    networks: [back]\n${dependencies}    environment: {DATABASE_PASSWORD: canary-of-the-manifest-1}\n${compose}`;
  });
  return `services:\n${lines.join('')}networks: {back: {}}\n`;
}
