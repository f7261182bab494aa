import { type Cluster, startCluster } from './cluster.ts';
import { type Fault, faults } from './faults.ts';
import type { DemoNode } from './node.ts';

/** Starts a cluster with this fault, calls `run` with the fault's node, and then removes the cluster. */
export async function withFault<T>(
  name: string,
  run: (cluster: Cluster, node: DemoNode, fault: Fault) => Promise<T>,
): Promise<T> {
  const fault = faults.get(name);
  if (fault === undefined) throw new RangeError(`no fault called ${name}`);
  const cluster = await startCluster({ nodes: fault.nodes });
  try {
    await fault.arrange(cluster);
    return await run(cluster, cluster.node(fault.on), fault);
  } finally {
    await cluster.close();
  }
}
