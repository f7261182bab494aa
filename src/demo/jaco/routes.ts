import { Listener } from '../listener.ts';
import type { Cluster } from './cluster.ts';
import { replicaRow } from './workload.ts';

/** A route of the stand-in cluster. */
export type DemoRoute = {
  readonly domain: string;
  readonly path?: string;
  readonly deployment: string;
  readonly service: string;
  /** Whether a certificate is ordered; the default is no. */
  readonly tlsAuto?: boolean;
  /** Whether a program listens at the port of the route; the default is yes. */
  readonly listens?: boolean;
};

/**
 * Declares and stores a route, and gives the replicas of its service an address of this host, where a program listens.
 * No other connection to a container of the stand-in is possible.
 */
export async function addRoute(cluster: Cluster, given: DemoRoute): Promise<void> {
  const { domain, path = '', deployment, service, tlsAuto = false, listens = true } = given;
  const { content } = cluster;
  const program = new Listener({ host: '127.0.0.1', port: 0 }, (socket) => socket.end());
  await program.open();
  const port = Number(program.address.slice(program.address.lastIndexOf(':') + 1));
  if (listens) cluster.onClose(() => program.close());
  else await program.close();
  content.deploy.routes.push({ domain, path, deployment, service, port, tlsAuto, stripPath: false });
  for (const { id } of content.replicas.filter((one) => one.deployment === deployment && one.service === service)) {
    const details = { [`ip.jaco_${deployment}_back`]: '127.0.0.1' };
    replicaRow(cluster, id).details = details;
    for (const row of content.deploy.replicas) if (row.id === id) row.details = details;
  }
  declareRoute(cluster, given);
  for (const { proxy } of cluster.nodes) await proxy.start();
}

/** Writes a route into the manifest of its deployment, without storing it. */
export function declareRoute(cluster: Cluster, { domain, path = '', deployment, service, tlsAuto }: DemoRoute): void {
  const stored = cluster.content.deploy.deployments.find(({ name }) => name === deployment);
  if (stored === undefined) throw new RangeError(`no deployment ${deployment}`);
  const list = stored.jacoYaml.includes('routes:') ? '' : 'routes:\n';
  const tls = tlsAuto === true ? 'auto' : 'off';
  stored.jacoYaml += `${list}  - {domain: ${domain}, path: "${path}", service: ${service}, port: 8080, tls: "${tls}"}\n`;
}
