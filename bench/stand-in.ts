import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cluster, startCluster } from '../src/demo/jaco/cluster.ts';
import { addDomain } from '../src/demo/jaco/domains.ts';
import { addRoute } from '../src/demo/jaco/routes.ts';
import { deployShop } from '../src/demo/jaco/scenes.ts';
import { deploy } from '../src/demo/jaco/workload.ts';
import { StandInCloud } from '../src/demo/jacqos/stand-in-cloud.ts';

/** A stand-in in its own process: prints its location, then runs until its stdin ends. */
const [state = 'healthy', memberCount = '3', replicas = '0', containers = '0', domains = '0'] = process.argv.slice(2);
const { where: location, close } = state.startsWith('jacqos')
  ? await startCloud(state === 'jacqos-stalled')
  : await startJacoCluster();
process.stdout.write(`${JSON.stringify(location)}\n`);
process.stdin.resume();
process.stdin.on('end', () => {
  void close().then(() => process.exit(0));
});

type StandIn = { readonly where: object; readonly close: () => Promise<void> };

/** Starts a JACO cluster and returns the location of node 1. */
async function startJacoCluster(): Promise<StandIn> {
  // The program asks proxies at their real ports, on loopback addresses of this host.
  const cluster = await startCluster({
    nodes: 3,
    ...(domains === '0' ? {} : { proxyPorts: { http: 80, https: 443 } }),
  });
  const node = cluster.node(1);
  if (Number(memberCount) > 3) await cluster.scale(Number(memberCount));
  const members = cluster.raft.members.size;
  // 100 replicas per deployment.
  for (let index = 0; index < Number(replicas) / 100; index++)
    deploy(cluster, `app-${index}`, [{ name: 'web', on: Array.from({ length: 100 }, () => 1 + (index % members)) }]);
  // All on node 1, in twenty deployments with one network each.
  const services = Array.from({ length: Number(containers) }, (_, index) => ({
    name: `web-${index}`,
    healthcheck: index % 2 === 0,
  }));
  for (let index = 0; index < Math.min(20, services.length); index++)
    deploy(
      cluster,
      `here-${index}`,
      services.filter((_, position) => position % 20 === index),
    );
  if (domains !== '0') await addDomains(cluster, Number(domains));
  if (state === 'frozen') for (const number of [1, 2, 3]) await cluster.node(number).freeze();
  const location = {
    socket: node.socketPath,
    config: node.configPath,
    hostname: node.hostname,
    servers: cluster.nodes.map(({ grpcAddress }) => grpcAddress),
    ca: node.caPath,
    docker: node.docker.socketPath,
  };
  return { where: location, close: () => cluster.close() };
}

/** Adds this many domains with certificates, and four routes for each. */
async function addDomains(cluster: Cluster, count: number): Promise<void> {
  deployShop(cluster);
  for (let index = 0; index < count; index++) {
    const route = { domain: `d${index}.test`, deployment: 'shop', service: 'web' };
    await addDomain(cluster, route);
    for (const path of ['/a', '/b', '/c']) await addRoute(cluster, { ...route, path, tlsAuto: true });
  }
}

/** Starts a JacqOS cloud and returns the environment and the flags for the doctor. */
async function startCloud(stalled: boolean): Promise<StandIn> {
  const cloud = await StandInCloud.open();
  const { app, management, program, runtime } = cloud;
  // The real command asks a cloud, so its answers are not immediate.
  for (const command of ['readiness', 'status'] as const)
    program[command] = { ...program[command], lines: ['sleep 0.3'] };
  if (stalled) {
    management.listener.behaviour = 'freeze';
    runtime.answer = { kind: 'silent' };
    for (const command of ['version', 'readiness', 'status'] as const)
      program[command] = { lines: ["trap '' TERM INT HUP", 'sleep 600'] };
  }
  program.write();
  const ca = join(cloud.root, 'ca.crt');
  writeFileSync(ca, cloud.ca);
  const variables = { ...cloud.environment, NODE_EXTRA_CA_CERTS: ca };
  const env = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const flags = ['--app-dir', app.dir, '--management-url', management.url, '--runtime-cell-url', runtime.url];
  return { where: { env, flags }, close: () => cloud.close() };
}
