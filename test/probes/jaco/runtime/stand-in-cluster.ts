import { afterEach } from 'vitest';
import { type Cluster, startCluster } from '../../../../src/demo/jaco/cluster.ts';
import { notApplicable, type Result, value } from '../../../../src/engine/outcome.ts';
import type { Probe } from '../../../../src/engine/probe.ts';
import type { Container } from '../../../../src/probes/docker/containers.ts';
import { type Deployments, deployments } from '../../../../src/probes/jaco/runtime/deployments.ts';
import { type ReplicaDetails, replicaDetails } from '../../../../src/probes/jaco/runtime/replica-details.ts';

let cluster: Cluster | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});

/** Starts the cluster for a test, and closes it after the test. */
export async function start(nodes = 1): Promise<Cluster> {
  cluster = await startCluster({ nodes });
  return cluster;
}

/** The result of a probe of stored state for the first node. */
export async function ask(probe: Probe, facts: object = {}): Promise<Result> {
  const io = { phase: () => {}, token: null, settings: { sinceMs: 3_600_000 } };
  const access = { endpoint: { kind: 'socket', path: cluster?.node(1).socketPath } };
  return probe.collect(io as never, { access, ...facts } as never, new AbortController().signal);
}

export async function fact<T>(probe: Probe, facts: object = {}): Promise<T> {
  const result = await ask(probe, facts);
  if (result.kind !== 'value') throw new Error(JSON.stringify(result));
  return result.value as T;
}

const unread = notApplicable('not read');
/** What the probe of GetReplicas follows, where none of it is known: it asks for all replicas then. */
export const UNREAD = { stored: unread, deleted: unread, containers: unread, settled: unread };

/** The needs of probes about deployments with a fault. */
export const stored = async (containers: readonly Partial<Container>[] = []) => ({
  containers: value({ list: containers, omitted: 0 }),
  deployments: await fact<Deployments>(deployments),
  replicas: { ...(await fact<ReplicaDetails>(replicaDetails, UNREAD)), from: 'details' as const },
});
