import { value } from '../../engine/outcome.ts';
import { asFailed, callUnary } from '../io/grpc.ts';
import { probe } from '../io/io.ts';
import { type Replica, replicaFact } from './replica-fact.ts';
import { endpointOf, STORED, STORED_LIMIT_MS } from './stored.ts';

/** All replicas that the cluster wants, in the daemon's order: by deployment, service and index. */
export type Replicas = {
  readonly rows: readonly Replica[];
  /** Rows beyond {@link MAX_ROWS}. */
  readonly omitted: number;
};

/** Rows kept of one answer. */
const MAX_ROWS = 20_000;

/** Deploy.GetReplicas of the local daemon: no leader has to be asked (contract 1.6). */
export const replicas = probe({
  name: 'jaco.replicas',
  after: STORED,
  deadlineMs: STORED_LIMIT_MS + 500,
  async collect(io, stored, signal) {
    const { DeployService } = await import('../../wire/jaco.ts');
    io.phase('answer');
    const request = { deploymentFilter: '', serviceFilter: '', replicaId: '' };
    const called = await callUnary(endpointOf(stored), DeployService.getReplicas, request, {
      limitMs: STORED_LIMIT_MS,
      signal,
    });
    if (called.kind === 'failure') return asFailed(called.failure);
    const rows = called.response.replicas;
    return value<Replicas>({
      rows: rows.slice(0, MAX_ROWS).map(replicaFact),
      omitted: Math.max(0, rows.length - MAX_ROWS),
    });
  },
});
