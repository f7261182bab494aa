import { createHash } from 'node:crypto';
import type { DemoContainer, DemoNetwork } from '../../../src/demo/jaco/docker/objects.ts';
import { timestamp } from '../../../src/demo/jaco/members.ts';
import { emptyState, type ReplicatedState } from '../../../src/demo/jaco/replicated-state.ts';
import { DeploymentStatus, Placement, ReplicaState } from '../../../src/wire/jaco.ts';

/** A network of a deployment on the host, with one service that has one replica there. */
export type Part = {
  readonly deployment: string;
  readonly network: string;
  /** `10.244.N.0/24` */
  readonly octet: number;
  readonly bridge: string;
  readonly service: string;
  /** The last number of the replica's address. */
  readonly host: number;
};

/** The workload of the stand-in daemon, and its faults. It reads this again for every answer. */
export type Workload = {
  readonly parts: readonly Part[];
  /** The reason in its node's status for missing isolation; null if it is ready. */
  readonly isolation: string | null;
  /** Whether it serves names on the gateways of its networks; read when it starts. */
  readonly resolves: boolean;
  /** Services whose names it does not resolve. */
  readonly unknown: readonly string[];
};

/** The networks of the captured tables (test/captures/host/nft-healthy-scopes.json), two containers on one of them. */
export const WORKLOAD: Workload = {
  parts: [
    { deployment: 'shop', network: 'back', octet: 0, bridge: 'jaco-5042-61bb', service: 'db', host: 2 },
    { deployment: 'shop', network: 'front', octet: 1, bridge: 'jaco-5042-1b78', service: 'web', host: 2 },
    { deployment: 'blog', network: 'front', octet: 2, bridge: 'jaco-1692-1b78', service: 'page', host: 2 },
    { deployment: 'shop', network: 'front', octet: 1, bridge: 'jaco-5042-1b78', service: 'work', host: 3 },
  ],
  isolation: null,
  resolves: true,
  unknown: [],
};

const CLUSTER_ID = 'dc67288a-0000-4000-8000-7ee895e76031';
const HOUR = 3_600_000;

export const gatewayOf = ({ octet }: Part): string => `10.244.${octet}.1`;
export const addressOf = ({ octet, host }: Part): string => `10.244.${octet}.${host}`;
const networkOf = ({ deployment, network }: Part): string => `jaco_${deployment}_${network}`;
const replicaOf = ({ deployment, service }: Part): string => `${deployment}-${service}-0`;
export const containerOf = (part: Part): string => createHash('sha256').update(replicaOf(part)).digest('hex');

/** The workload in the daemon's state. */
export function contentOf({ parts }: Workload, hostname: string): ReplicatedState {
  const content = emptyState();
  const applied = Date.now() - HOUR;
  for (const name of new Set(parts.map(({ deployment }) => deployment)))
    content.deploy.deployments.push({
      name,
      appliedRevision: '1',
      previousRevision: '0',
      status: DeploymentStatus.ACTIVE,
      statusDetails: {},
      jacoYaml: `deployment: ${name}\n`,
      composeYaml: 'services: {}\n',
      services: parts
        .filter(({ deployment }) => deployment === name)
        .map(({ service, network }) => {
          return { name: service, replicas: 1, placement: Placement.SPREAD, hosts: [], networks: [network] };
        }),
      updatedAt: timestamp(applied),
      acmeEmail: '',
    });
  for (const part of parts) {
    const observed = {
      id: replicaOf(part),
      state: ReplicaState.RUNNING,
      code: '',
      message: '',
      details: { [`ip.${networkOf(part)}`]: addressOf(part) },
      containerId: containerOf(part),
      host: hostname,
      startedAt: timestamp(applied + 5_000),
      lastHealthAt: timestamp(Date.now()),
    };
    content.deploy.replicas.push(observed);
    content.replicas.push({
      ...observed,
      deployment: part.deployment,
      service: part.service,
      index: 0,
      image: 'nginx:1',
      revision: '40',
      restartCount: 0,
      lastAttemptAt: undefined,
      dependsOn: [],
    });
  }
  return content;
}

/** The first part of each network. */
export function firstParts({ parts }: Workload): readonly Part[] {
  return parts.filter((part, index) => parts.findIndex(({ octet }) => octet === part.octet) === index);
}

/** The workload in Docker. */
export function networksOf(workload: Workload): readonly DemoNetwork[] {
  return firstParts(workload).map((part) => ({
    name: networkOf(part),
    subnet: `10.244.${part.octet}.0/24`,
    bridge: part.bridge,
    labels: {
      'jaco.cluster_id': CLUSTER_ID,
      'jaco.deployment': part.deployment,
      'jaco.network': part.network,
      'jaco.subnet': `10.244.${part.octet}.0/24`,
    },
  }));
}

export function containersOf({ parts }: Workload): readonly DemoContainer[] {
  const at = Date.now() - HOUR;
  return parts.map((part) => ({
    id: containerOf(part),
    name: `jaco_${replicaOf(part)}`,
    image: 'nginx:1',
    labels: {
      'jaco.cluster_id': CLUSTER_ID,
      'jaco.deployment': part.deployment,
      'jaco.service': part.service,
      'jaco.replica_id': replicaOf(part),
      'jaco.replica_index': '0',
      'jaco.raft_index': '40',
    },
    state: 'running',
    createdAt: at,
    startedAt: at + 500,
    finishedAt: null,
    exitCode: 0,
    outOfMemory: false,
    error: '',
    health: null,
    dns: [`10.244.${part.octet}.1`],
    networks: { [networkOf(part)]: addressOf(part) },
    log: ['listening'],
  }));
}
