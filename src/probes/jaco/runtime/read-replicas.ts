import type { CallOptions, CallResult } from '../../io/grpc/grpc.ts';
import { type ControlAccess, callControl } from '../access/control-access.ts';
import type { JacoIo } from '../jaco-probe.ts';
import { deploymentFact } from './deployments.ts';
import { observedReplica } from './observed-replica.ts';
import { type Replica, replicaFact } from './replica-fact.ts';
import type { Replicas } from './replicas.ts';
import { rowsOfStatus } from './rows-of-status.ts';

/** Reads the replicas once more, by the call that listed them before. One id can be asked for alone; empty: all. */
export async function readReplicas(
  io: Pick<JacoIo, 'token'>,
  access: ControlAccess,
  { from }: Pick<Replicas, 'from'>,
  { replicaId, ...options }: { readonly replicaId: string } & Pick<CallOptions, 'limitMs' | 'signal'>,
): Promise<CallResult<readonly Replica[]>> {
  const { DeployService } = await import('../../../wire/jaco.ts');
  const filter = { deploymentFilter: '', serviceFilter: '' };
  if (from === 'details') {
    const called = await callControl(io, access, DeployService.getReplicas, { ...filter, replicaId }, options);
    return called.kind === 'failure' ? called : { ...called, response: called.response.replicas.map(replicaFact) };
  }
  const called = await callControl(io, access, DeployService.status, filter, options);
  if (called.kind === 'failure') return called;
  const { deployments, replicas } = called.response;
  return { ...called, response: rowsOfStatus(deployments.map(deploymentFact), replicas.map(observedReplica), null) };
}
