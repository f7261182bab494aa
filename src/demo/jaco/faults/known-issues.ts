import { DeploymentStatus, Placement, ReplicaState } from '../../../wire/jaco.ts';
import type { Cluster } from '../cluster.ts';
import { faultGroup } from '../fault.ts';
import { timestamp } from '../members.ts';
import { deployShop, deploySolo, makePending } from '../scenes.ts';
import { deploy, removeContainer, replicaContainer, replicaRow } from '../workload.ts';

/** Sets the release of all nodes. */
function allRun(cluster: Cluster, release: string): void {
  for (const node of cluster.nodes) node.release = release;
}

/**
 * Known issues of earlier releases, each on a stand-in of such a release (docs/jaco-daemon/releases.md#known-issues).
 */
export const knownIssues = faultGroup('releases', {
  'issue-181': {
    title: 'on v0.3.8 a container has the name servers of the host',
    expects: 'known_issue',
    arrange(cluster) {
      allRun(cluster, 'v0.3.8');
      deployShop(cluster);
      delete replicaContainer(cluster, 'shop-db-0').dns;
    },
  },
  'issue-187': {
    title: 'on v0.3.8 a deployment is pinned to a host that is not a member',
    expects: 'known_issue',
    arrange(cluster) {
      allRun(cluster, 'v0.3.8');
      pinTo(cluster, 'demo-9');
    },
  },
  'issue-191': {
    title: 'on v0.3.8 a container of a removed service is still running',
    expects: 'known_issue',
    arrange(cluster) {
      allRun(cluster, 'v0.3.8');
      deploy(cluster, 'shop', [{ name: 'web' }, { name: 'old' }]);
      removeService(cluster, 'shop', 'old');
    },
  },
  'issue-171': {
    title: 'on v0.3.5 a second login for a registry replaced the first',
    expects: 'known_issue',
    arrange(cluster) {
      allRun(cluster, 'v0.3.5');
      deploy(cluster, 'shop', [
        { name: 'web', image: 'registry.test/team-a/web:1' },
        { name: 'api', image: 'registry.test/team-b/api:1' },
      ]);
      storeCredential(cluster, 'registry.test');
      refusePull(cluster, 'shop-api-0', 'registry.test/team-b/api:1');
    },
  },
  'issue-152': {
    title: 'on v0.3.1 a replica without a health check stays PENDING',
    expects: 'known_issue',
    arrange(cluster) {
      allRun(cluster, 'v0.3.1');
      deploySolo(cluster);
      setState(cluster, 'solo-app-0', ReplicaState.PENDING);
    },
  },
  'issue-142': {
    title: 'on v0.2.0 two deployments write to one volume',
    expects: 'known_issue',
    nodes: 1,
    arrange(cluster) {
      allRun(cluster, 'v0.2.0');
      for (const name of ['shop', 'blog']) {
        deploy(cluster, name, [{ name: 'db' }]);
        const stored = cluster.content.deploy.deployments.find((one) => one.name === name);
        if (stored !== undefined) stored.composeYaml += 'volumes: {data: {}}\n';
        replicaContainer(cluster, `${name}-db-0`).volumes = ['data'];
      }
    },
  },
  'issue-143': {
    title: 'on v0.2.0 three nodes have one vote',
    expects: 'known_issue',
    arrange: (cluster) => allRun(cluster, 'v0.2.0'),
  },
  'issue-fixed': {
    title: 'on v0.3.9 a host was removed to which a deployment is pinned',
    expects: 'deployment_pending',
    arrange: (cluster) => pinTo(cluster, 'demo-9'),
  },
  'issue-unknown-release': {
    title: 'a build without a version shows the signs of a known issue',
    arrange(cluster) {
      allRun(cluster, 'dev');
      deployShop(cluster);
      delete replicaContainer(cluster, 'shop-db-0').dns;
    },
  },
});

/** A deployment whose only service is pinned to a host, and not placed. */
function pinTo(cluster: Cluster, host: string): void {
  deploy(cluster, 'shop', [{ name: 'web', on: [] }]);
  const [service] = cluster.content.deploy.deployments[0]?.services ?? [];
  if (service !== undefined) Object.assign(service, { replicas: 1, placement: Placement.HOSTS, hosts: [host] });
  makePending(cluster, 'shop', 'service "web": no eligible hosts');
}

/** Removes a service from a deployment, and its rows. Its containers remain. */
function removeService(cluster: Cluster, deployment: string, service: string): void {
  const { deploy: stored } = cluster.content;
  const one = stored.deployments.find(({ name }) => name === deployment);
  if (one === undefined) return;
  Object.assign(one, {
    services: one.services.filter(({ name }) => name !== service),
    appliedRevision: '2',
    previousRevision: '1',
    status: DeploymentStatus.ACTIVE,
  });
}

function storeCredential(cluster: Cluster, registry: string): void {
  cluster.content.registries.push({ registry, username: 'team-a', updatedAt: timestamp(Date.now() - 60_000) });
}

/** A pull that the registry refuses. */
function refusePull(cluster: Cluster, replica: string, image: string): void {
  removeContainer(cluster, replica);
  const failed = {
    state: ReplicaState.PENDING,
    code: 'image_pull_failed',
    containerId: '',
    details: { deployment: 'shop', host: 'demo-1', reason: `${image}: Error response from daemon: unauthorized` },
  };
  Object.assign(replicaRow(cluster, replica), failed);
  Object.assign(cluster.content.deploy.replicas.find(({ id }) => id === replica) ?? {}, failed);
}

function setState(cluster: Cluster, replica: string, state: ReplicaState): void {
  replicaRow(cluster, replica).state = state;
  Object.assign(cluster.content.deploy.replicas.find(({ id }) => id === replica) ?? {}, { state });
}
