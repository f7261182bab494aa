import { notApplicable, value } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';
import { asFailed, callStream } from '../../io/grpc/grpc.ts';
import { controlEndpoint, endpointOf } from '../control/control-endpoint.ts';
import { msOf } from '../control/status-fact.ts';
import { probe } from '../jaco-probe.ts';
import { stableStatus } from './stable-status.ts';

/** The last removal in the audit log, if no join came after it; null if there is none. Ms since the epoch. */
export type LastRemoval = { readonly removal: { readonly hostname: string; readonly atMs: number | null } | null };

/** Most joins and removals that are kept: a cluster seldom changes its members. */
const MAX_EVENTS = 10_000;

/**
 * The node that was removed last. It is read only if there is no leader, because a removal can take the vote of a
 * running voter (docs/jaco-daemon/raft.md#dead-voter-removal). It proves no membership: removals of names that never
 * existed are logged too (docs/jaco-daemon/raft.md#removed-nodes).
 */
export const lastRemoval = probe({
  name: 'jaco.last-removal',
  where: 'anywhere',
  after: { settled: stableStatus, endpoint: controlEndpoint },
  deadlineMs: 1_500,
  async collect(_io, { settled, endpoint }, signal) {
    if (!settled.last.initialized || settled.last.leader !== '')
      return notApplicable('read only if no leader is known');
    // Without a leader a token proves nothing (docs/jaco-daemon/raft.md#no-quorum), so it is not sent.
    if (endpoint.kind === 'port') return notApplicable('without a leader, the audit log is read only over the socket');
    const { AuditService, AuditEventType } = await import('../../../wire/jaco.ts');
    const request = {
      since: undefined,
      until: undefined,
      follow: false,
      types: [AuditEventType.NODE_JOIN, AuditEventType.NODE_REMOVE],
    };
    const called = await callStream(endpointOf(endpoint), AuditService.query, request, {
      limitMs: 1_000,
      signal,
      max: MAX_EVENTS,
    });
    if (called.kind === 'failure') return asFailed(called.failure);
    const event = called.response.at(-1);
    const hostname = event?.type === AuditEventType.NODE_REMOVE ? event.payload['hostname'] : undefined;
    const removal = hostname === undefined ? null : { hostname: clean(hostname, 253), atMs: msOf(event?.ts) };
    return value<LastRemoval>({ removal });
  },
});
