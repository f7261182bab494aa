import { value } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';
import { asFailed } from '../../io/grpc/grpc.ts';
import { controlAccess, STORED_LIMIT_MS, streamControl } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';

/** Names of deployments that were deleted once; they may exist again. */
export type DeletedDeployments = {
  readonly names: readonly string[];
  /** Whether the audit log has more deletions than were read. */
  readonly cut: boolean;
};

const MAX_EVENTS = 10_000;

/**
 * Deletions in the audit log, of any time: a replica that outlives its deployment does so for ever, and only GetReplicas lists it
 * (docs/jaco-daemon/runtime.md#ghost-replicas).
 */
export const deletedDeployments = probe({
  name: 'jaco.deleted-deployments',
  where: 'anywhere',
  after: { access: controlAccess },
  deadlineMs: STORED_LIMIT_MS + 500,
  async collect(io, { access }, signal) {
    const { AuditService, AuditEventType } = await import('../../../wire/jaco.ts');
    io.phase('answer');
    const request = { since: undefined, until: undefined, follow: false, types: [AuditEventType.DELETE] };
    const called = await streamControl(io, access, AuditService.query, request, {
      limitMs: STORED_LIMIT_MS,
      signal,
      max: MAX_EVENTS,
    });
    if (called.kind === 'failure') return asFailed(called.failure);
    const names = called.response.flatMap(({ payload: { deployment } }) =>
      deployment ? [clean(deployment, 253)] : [],
    );
    return value<DeletedDeployments>({ names: [...new Set(names)], cut: called.response.length >= MAX_EVENTS });
  },
});
