import { notApplicable, value } from '../../../engine/outcome.ts';
import { asFailed, type CallFailure } from '../../io/grpc/grpc.ts';
import { callControl, controlAccess } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';
import { type Replica, replicaFact } from './replica-fact.ts';

/** The rows of GetReplicas, in the daemon's order: by deployment, service and index. */
export type ReplicaDetails = {
  readonly rows: readonly Replica[];
  /** Rows beyond {@link MAX_ROWS}. */
  readonly omitted: number;
};

/** Why there are no details on a release before v0.3.8. */
export const NO_DETAILS = 'this release has no GetReplicas; v0.3.8 is the first that has it';

/** Rows kept of one answer. */
export const MAX_ROWS = 20_000;

/**
 * Time for the answer, in ms: the daemon reads a compose file for each service that it lists, and a node that is short of CPU needs
 * seconds for 50 of them (docs/jaco-daemon/control.md#server-options).
 */
const LIMIT_MS = 6_000;

/**
 * Deploy.GetReplicas of the local daemon: no leader has to be asked (docs/jaco-daemon/control.md#rpcs). Not applicable where the
 * release has no such method (docs/jaco-daemon/releases.md#version-window).
 */
export const replicaDetails = probe({
  name: 'jaco.replicas',
  where: 'anywhere',
  after: { access: controlAccess },
  deadlineMs: LIMIT_MS + 500,
  async collect(io, { access }, signal) {
    const [{ DeployService, ReplicaDetail }, { decodeLists, listField }] = await Promise.all([
      import('../../../wire/jaco.ts'),
      import('../../../wire/decode-lists.ts'),
    ]);
    const lists = { rows: listField(1, ReplicaDetail, MAX_ROWS, replicaFact) };
    const method = { ...DeployService.getReplicas, responseDeserialize: (bytes: Buffer) => decodeLists(bytes, lists) };
    io.phase('answer');
    const request = { deploymentFilter: '', serviceFilter: '', replicaId: '' };
    const called = await callControl(io, access, method, request, {
      limitMs: LIMIT_MS,
      signal,
    });
    if (called.kind === 'failure')
      return isUnknownMethod(called.failure) ? notApplicable(NO_DETAILS) : asFailed(called.failure);
    const { kept, omitted } = called.response.rows;
    return value<ReplicaDetails>({ rows: kept, omitted });
  },
});

/** `unknown service` is another case: what answers is not JACO, or lacks all of it. */
function isUnknownMethod({ grpc, detail }: CallFailure): boolean {
  return grpc === 12 && detail.startsWith('unknown method ');
}
