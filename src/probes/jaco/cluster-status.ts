import { value } from '../../engine/outcome.ts';
import { asFailed, callUnary } from '../io/grpc.ts';
import { probe } from '../io/io.ts';
import { controlConnect } from './control-connect.ts';
import { controlSocketPath } from './socket-path.ts';
import { statusFact } from './status-fact.ts';

/** Time for one Status over the local socket, in ms: a warm daemon takes 16 (live C5). */
export const STATUS_LIMIT_MS = 1_500;

/** Cluster.Status of the local daemon, over its socket: no token and no leader needed (contract 1.6). */
export const clusterStatus = probe({
  name: 'jaco.cluster-status',
  // The connect asks the unit first: a stopped one is not dialled, which would start it.
  after: { connect: controlConnect, path: controlSocketPath },
  deadlineMs: 2_500,
  async collect(io, { path }, signal) {
    io.phase('connect');
    const { ClusterService } = await import('../../wire/jaco.ts');
    io.phase('answer');
    const called = await callUnary(
      { kind: 'unix', path: path.path },
      ClusterService.status,
      {},
      { limitMs: STATUS_LIMIT_MS, signal },
    );
    return called.kind === 'failure' ? asFailed(called.failure) : value(statusFact(called.response));
  },
});
