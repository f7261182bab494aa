import { value } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';
import { asFailed } from '../../io/grpc/grpc.ts';
import { controlAccess, streamControl } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';

/**
 * The cluster's id, which its containers and networks have as a label; null if the audit log has lost its beginning.
 */
export type ClusterId = { readonly id: string | null };

/**
 * The id of this cluster. Only the first event of its audit log contains it (docs/jaco-daemon/control.md#hidden-state).
 */
export const clusterId = probe({
  name: 'jaco.cluster-id',
  where: 'anywhere',
  after: { access: controlAccess },
  deadlineMs: 2_000,
  async collect(io, { access }, signal) {
    const { AuditService, AuditEventType } = await import('../../../wire/jaco.ts');
    const request = { since: undefined, until: undefined, follow: false, types: [AuditEventType.NODE_JOIN] };
    const called = await streamControl(io, access, AuditService.query, request, {
      limitMs: 1_500,
      signal,
      max: 1,
    });
    if (called.kind === 'failure') return asFailed(called.failure);
    const id = called.response[0]?.payload['cluster_id'];
    return value<ClusterId>({ id: id === undefined ? null : clean(id, 100) });
  },
});
