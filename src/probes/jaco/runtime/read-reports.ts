import type { CallOptions, CallResult } from '../../io/grpc/grpc.ts';
import { type ControlAccess, callControl } from '../access/control-access.ts';
import type { JacoIo } from '../jaco-probe.ts';
import { type ObservedReplica, observedReplica } from './observed-replica.ts';
import { MAX_ROWS } from './replica-fact.ts';

/**
 * Reads the last reports about replicas again, with Deploy.Status: every release has it, and it answers at once. One
 * deployment, or all if it is empty.
 */
export async function readReports(
  io: Pick<JacoIo, 'token'>,
  access: ControlAccess,
  deployment: string,
  options: Pick<CallOptions, 'limitMs' | 'signal'>,
): Promise<CallResult<readonly ObservedReplica[]>> {
  const [{ DeployService, ReplicaObserved }, { decodeLists, listField }] = await Promise.all([
    import('../../../wire/jaco.ts'),
    import('../../../wire/decode-lists.ts'),
  ]);
  const lists = { rows: listField(2, ReplicaObserved, MAX_ROWS, observedReplica) };
  const method = { ...DeployService.status, responseDeserialize: (bytes: Buffer) => decodeLists(bytes, lists) };
  const called = await callControl(io, access, method, { deploymentFilter: deployment, serviceFilter: '' }, options);
  return called.kind === 'failure' ? called : { ...called, response: called.response.rows.kept };
}

/** The deployment of these replicas, to ask only for it; empty if they belong to several. */
export function onlyDeployment(rows: readonly { readonly deployment: string }[]): string {
  const [first = '', ...others] = new Set(rows.map(({ deployment }) => deployment));
  return others.length === 0 ? first : '';
}
