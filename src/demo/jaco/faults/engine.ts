import { faultGroup } from '../fault.ts';
import { deployShop } from '../scenes.ts';

/** Faults of the container engine of this host. */
export const engineFaults = faultGroup('engine', {
  'docker-stopped': {
    title: 'the container engine is stopped and its socket does not exist',
    expects: 'docker_error',
    async arrange(cluster) {
      deployShop(cluster);
      await cluster.node(1).docker.stop();
    },
  },
  'docker-killed': {
    title: 'the container engine was killed and its socket file remained',
    expects: 'docker_error',
    async arrange(cluster) {
      deployShop(cluster);
      await cluster.node(1).docker.stop('kill');
    },
  },
  'docker-frozen': {
    title: 'the container engine accepts connections but does not answer',
    expects: 'docker_error',
    arrange(cluster) {
      deployShop(cluster);
      cluster.node(1).docker.setBehaviour('freeze');
    },
  },
  'docker-other-server': {
    title: 'a program that is not a container engine listens on its socket',
    expects: 'docker_error',
    arrange(cluster) {
      deployShop(cluster);
      cluster.node(1).docker.setBehaviour('http');
    },
  },
  'docker-refuses': {
    title: 'the container engine answers but cannot list its containers',
    expects: 'docker_error',
    arrange(cluster) {
      deployShop(cluster);
      cluster
        .node(1)
        .docker.refusals.push({ path: '/containers/json', status: 500, message: 'containerd is not responding' });
    },
  },
});
