import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCluster } from '../src/demo/jaco/cluster.ts';
import { deploy } from '../src/demo/jaco/workload.ts';
import { StandInCloud } from '../src/demo/jacqos/stand-in-cloud.ts';

/** A stand-in as a process of its own: prints where it is, then lives until its stdin ends. */
const [what = 'healthy', listed = '3', replicas = '0', containers = '0'] = process.argv.slice(2);
const { where, close } = what.startsWith('jacqos') ? await world(what === 'jacqos-stalled') : await cluster();
process.stdout.write(`${JSON.stringify(where)}\n`);
process.stdin.resume();
process.stdin.on('end', () => {
  void close().then(() => process.exit(0));
});

type StandIn = { readonly where: object; readonly close: () => Promise<void> };

/** JACO: where node 1 is. */
async function cluster(): Promise<StandIn> {
  const started = await startCluster({ nodes: 3 });
  const node = started.node(1);
  if (Number(listed) > 3) await started.scale(Number(listed));
  const members = started.raft.members.size;
  // A hundred replicas a deployment.
  for (let of = 0; of < Number(replicas) / 100; of++)
    deploy(started, `app-${of}`, [{ name: 'web', on: Array.from({ length: 100 }, () => 1 + (of % members)) }]);
  // All on node 1, spread over twenty deployments, each with a network of its own.
  const services = Array.from({ length: Number(containers) }, (_, of) => ({
    name: `web-${of}`,
    healthcheck: of % 2 === 0,
  }));
  for (let of = 0; of < Math.min(20, services.length); of++)
    deploy(
      started,
      `here-${of}`,
      services.filter((_, index) => index % 20 === of),
    );
  if (what === 'frozen') for (const number of [1, 2, 3]) await started.node(number).freeze();
  const where = {
    socket: node.socketPath,
    config: node.configPath,
    hostname: node.hostname,
    servers: started.nodes.map(({ grpcAddress }) => grpcAddress),
    ca: node.caPath,
    docker: node.docker.socketPath,
  };
  return { where, close: () => started.close() };
}

/** JacqOS: the environment and the flags that lead there. */
async function world(stalled: boolean): Promise<StandIn> {
  const opened = await StandInCloud.open();
  const { app, management, program, runtime } = opened;
  // The real command asks a cloud: no answer comes at once.
  for (const command of ['readiness', 'status'] as const)
    program[command] = { ...program[command], lines: ['sleep 0.3'] };
  if (stalled) {
    management.listener.manner = 'freeze';
    runtime.answer = { kind: 'silent' };
    for (const command of ['version', 'readiness', 'status'] as const)
      program[command] = { lines: ["trap '' TERM INT HUP", 'sleep 600'] };
  }
  program.write();
  const ca = join(opened.root, 'ca.crt');
  writeFileSync(ca, opened.ca);
  const variables = { ...opened.environment, NODE_EXTRA_CA_CERTS: ca };
  const env = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const flags = ['--app-dir', app.dir, '--management-url', management.url, '--runtime-cell-url', runtime.url];
  return { where: { env, flags }, close: () => opened.close() };
}
