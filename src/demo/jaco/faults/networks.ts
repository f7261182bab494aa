import { ReplicaState } from '../../../wire/jaco.ts';
import { faultGroup } from '../fault.ts';
import { deploySolo, leftoverNetwork, makeNeverStarted } from '../scenes.ts';
import { deploy, removeContainer, replicaContainer, replicaRow } from '../workload.ts';

/** Faults of the networks of deployments. */
export const networkFaults = faultGroup('runtime', {
  'network-left-behind': {
    title: 'the network of a deleted deployment holds the addresses that the next one was given',
    expects: 'network_conflict',
    arrange(cluster) {
      deploy(cluster, 'new', [{ name: 'app' }]);
      makeNeverStarted(cluster, 'new-app-0', 128, 'network jaco_new_back not found');
      const { networks } = cluster.node(1).docker;
      networks.splice(0, networks.length, leftoverNetwork('old', '10.244.0.0/24'));
    },
  },
  'network-name-taken': {
    title: 'a foreign network has the name that JACO would use: the container runs outside of the pool',
    expects: 'network_conflict',
    arrange(cluster) {
      deploySolo(cluster);
      const [network] = cluster.node(1).docker.networks;
      if (network) Object.assign(network, { subnet: '172.30.0.0/16', labels: {} });
      replicaContainer(cluster, 'solo-app-0').networks = { jaco_solo_back: '172.30.0.2' };
    },
  },
  'pool-exhausted': {
    title: 'the address pool is exhausted, and a replica gets no network',
    expects: 'subnet_pool_exhausted',
    arrange(cluster) {
      deploySolo(cluster);
      removeContainer(cluster, 'solo-app-0');
      Object.assign(replicaRow(cluster, 'solo-app-0'), {
        state: ReplicaState.FAILED,
        code: 'subnet_pool_exhausted',
        containerId: '',
        details: { deployment: 'solo', network: 'back', host: 'demo-1' },
      });
    },
  },
});
