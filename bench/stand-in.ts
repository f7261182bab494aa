import { startCluster } from '../src/demo/cluster.ts';
import { deployRunning } from '../src/demo/content.ts';

/** A stand-in cluster as a process of its own: prints where node 1 is, then lives until its stdin ends. */
const [what = 'healthy', listed = '3', replicas = '0'] = process.argv.slice(2);
const cluster = await startCluster({ nodes: 3 });
const node = cluster.node(1);
if (Number(listed) > 3) await cluster.scale(Number(listed));
const hosts = [...cluster.raft.members.keys()];
// A hundred replicas a deployment.
for (let of = 0; of < Number(replicas) / 100; of++) deployRunning(cluster.content, `app-${of}`, 100, hosts);
if (what === 'frozen') for (const number of [1, 2, 3]) await cluster.node(number).freeze();
process.stdout.write(
  `${JSON.stringify({
    socket: node.socketPath,
    config: node.configPath,
    hostname: node.hostname,
    servers: cluster.nodes.map(({ grpcAddress }) => grpcAddress),
    ca: node.caPath,
  })}\n`,
);
process.stdin.resume();
process.stdin.on('end', () => {
  void cluster.close().then(() => process.exit(0));
});
