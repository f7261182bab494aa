import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCluster } from '../src/demo/cluster.ts';
import { deployRunning } from '../src/demo/content.ts';
import { World } from '../src/demo/jacqos/world.ts';

/** A stand-in as a process of its own: prints where it is, then lives until its stdin ends. */
const [what = 'healthy', listed = '3', replicas = '0'] = process.argv.slice(2);
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
  const hosts = [...started.raft.members.keys()];
  // A hundred replicas a deployment.
  for (let of = 0; of < Number(replicas) / 100; of++) deployRunning(started.content, `app-${of}`, 100, hosts);
  if (what === 'frozen') for (const number of [1, 2, 3]) await started.node(number).freeze();
  const where = {
    socket: node.socketPath,
    config: node.configPath,
    hostname: node.hostname,
    servers: started.nodes.map(({ grpcAddress }) => grpcAddress),
    ca: node.caPath,
  };
  return { where, close: () => started.close() };
}

/** JacqOS: the environment and the flags that lead there. */
async function world(stalled: boolean): Promise<StandIn> {
  const opened = await World.open();
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
