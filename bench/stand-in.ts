import { startCluster } from '../src/demo/cluster.ts';
import { deploy } from '../src/demo/workload.ts';

/** A stand-in cluster as a process of its own: prints where node 1 is, then lives until its stdin ends. */
const [what = 'healthy', listed = '3', replicas = '0', containers = '0'] = process.argv.slice(2);
const cluster = await startCluster({ nodes: 3 });
const node = cluster.node(1);
if (Number(listed) > 3) await cluster.scale(Number(listed));
const members = cluster.raft.members.size;
// A hundred replicas a deployment.
for (let of = 0; of < Number(replicas) / 100; of++)
  deploy(cluster, `app-${of}`, [{ name: 'web', on: Array.from({ length: 100 }, () => 1 + (of % members)) }]);
// All on node 1, spread over twenty deployments, each with a network of its own.
const services = Array.from({ length: Number(containers) }, (_, of) => ({
  name: `web-${of}`,
  healthcheck: of % 2 === 0,
}));
for (let of = 0; of < Math.min(20, services.length); of++)
  deploy(
    cluster,
    `here-${of}`,
    services.filter((_, index) => index % 20 === of),
  );
if (what === 'frozen') for (const number of [1, 2, 3]) await cluster.node(number).freeze();
process.stdout.write(
  `${JSON.stringify({
    socket: node.socketPath,
    config: node.configPath,
    hostname: node.hostname,
    servers: cluster.nodes.map(({ grpcAddress }) => grpcAddress),
    ca: node.caPath,
    docker: node.docker.socketPath,
  })}\n`,
);
process.stdin.resume();
process.stdin.on('end', () => {
  void cluster.close().then(() => process.exit(0));
});
