import { value } from '../../../engine/outcome.ts';
import { asFailed } from '../../io/grpc/grpc.ts';
import { callControl, controlAccess, STORED_LIMIT_MS } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';
import { type Replica, replicaFact } from './replica-fact.ts';

/** All replicas that the cluster wants, in the daemon's order: by deployment, service and index. */
export type Replicas = {
  readonly rows: readonly Replica[];
  /** Rows beyond {@link MAX_ROWS}. */
  readonly omitted: number;
};

/** Rows kept of one answer. */
const MAX_ROWS = 20_000;

/** Deploy.GetReplicas of the local daemon: no leader has to be asked (docs/jaco-daemon/control.md#rpcs). */
export const replicas = probe({
  name: 'jaco.replicas',
  where: 'anywhere',
  after: { access: controlAccess },
  deadlineMs: STORED_LIMIT_MS + 500,
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
      limitMs: STORED_LIMIT_MS,
      signal,
    });
    if (called.kind === 'failure') return asFailed(called.failure);
    const { kept, omitted } = called.response.rows;
    return value<Replicas>({ rows: kept, omitted });
  },
});
