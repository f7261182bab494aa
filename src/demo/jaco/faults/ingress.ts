import { ReplicaState } from '../../../wire/jaco.ts';
import { faultGroup } from '../fault.ts';
import { addRoute, declareRoute } from '../routes.ts';
import { deployShop, deploySolo } from '../scenes.ts';
import { deploy, replicaRow } from '../workload.ts';

const shop = { domain: 'shop.test', deployment: 'shop', service: 'web' };
const solo = { domain: 'solo.test', deployment: 'solo', service: 'app' };

/** Faults of the proxy and of routes. */
export const ingressFaults = faultGroup('ingress', {
  'ingress-port-held': {
    title: 'another program holds the port for HTTP, so the proxy has loaded nothing',
    expects: 'ingress_port_conflict',
    async arrange(cluster) {
      deploySolo(cluster);
      await cluster.node(1).proxy.startWithoutPort();
      await addRoute(cluster, solo);
    },
  },
  'route-taken': {
    title: 'two deployments declare one domain, and the later apply holds it',
    expects: 'route_taken',
    async arrange(cluster) {
      deployShop(cluster);
      deploySolo(cluster);
      await addRoute(cluster, { ...solo, domain: 'shop.test' });
      declareRoute(cluster, shop);
    },
  },
  'route-missing': {
    title: 'a deployment took a route and was deleted: the route is missing, although another deployment declares it',
    expects: 'route_taken',
    async arrange(cluster) {
      deployShop(cluster);
      declareRoute(cluster, shop);
    },
  },
  'route-shadowed': {
    title: 'a domain has a route for / beside its route without a path',
    expects: 'known_issue',
    async arrange(cluster) {
      deployShop(cluster);
      await addRoute(cluster, shop);
      await addRoute(cluster, { ...shop, path: '/', service: 'db' });
    },
  },
  'route-of-no-replicas': {
    title: 'a route leads to a service with replicas: 0',
    expects: 'route_no_upstreams',
    async arrange(cluster) {
      deploy(cluster, 'solo', [{ name: 'app', on: [] }]);
      await addRoute(cluster, solo);
    },
  },
  'route-on-other-networks': {
    title: 'jaco.yaml names other networks than the compose file: the replica is running, but the proxy has no address',
    expects: 'route_no_upstreams',
    async arrange(cluster) {
      deploySolo(cluster);
      await addRoute(cluster, solo);
      replicaRow(cluster, 'solo-app-0').details = { 'ip.jaco_solo_front': '127.0.0.1' };
    },
  },
  'route-to-wrong-port': {
    title: 'a route names a port on which nothing listens',
    expects: 'route_upstream_unreachable',
    async arrange(cluster) {
      deploySolo(cluster);
      await addRoute(cluster, { ...solo, listens: false });
    },
  },
  'route-to-failed-replica': {
    title: 'the only replica behind a route exited, and restarts are exhausted',
    expects: 'restart_exhausted',
    async arrange(cluster) {
      deploySolo(cluster, { on: [2] });
      await addRoute(cluster, solo);
      Object.assign(replicaRow(cluster, 'solo-app-0'), { state: ReplicaState.FAILED, code: 'restart_exhausted' });
    },
  },
});
