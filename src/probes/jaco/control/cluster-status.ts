import { factOf, failed, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { asFailed, callUnary } from '../../io/grpc/grpc.ts';
import { probe } from '../jaco-probe.ts';
import { controlEndpoint, endpointOf } from './control-endpoint.ts';
import { servers } from './servers.ts';
import { statusFact } from './status-fact.ts';

/** Time for one Status over the local socket, in ms: a warm daemon takes 16 (docs/jaco-daemon/timings.md). */
export const STATUS_LIMIT_MS = 1_500;

/** Cluster.Status of the examined daemon. It needs no token and no leader (docs/jaco-daemon/control.md#rpcs). */
export const clusterStatus = probe({
  name: 'jaco.cluster-status',
  where: 'anywhere',
  // The connect reads the unit first: connecting to a stopped unit would start it.
  after: { endpoint: controlEndpoint, servers: attempt(servers) },
  deadlineMs: 2_500,
  async collect(io, { endpoint, servers: asked }, signal) {
    if (endpoint.kind === 'port') {
      const status = factOf(asked)?.lead?.status;
      return status === undefined ? failed('absent', 'answer', 'no server answered', servers) : value(status);
    }
    io.phase('connect');
    const { ClusterService } = await import('../../../wire/jaco.ts');
    io.phase('answer');
    const called = await callUnary(
      endpointOf(endpoint),
      ClusterService.status,
      {},
      { limitMs: STATUS_LIMIT_MS, signal },
    );
    return called.kind === 'failure' ? asFailed(called.failure) : value(statusFact(called.response));
  },
});
