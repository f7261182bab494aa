import { value } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';
import { asFailed } from '../../io/grpc/grpc.ts';
import { auditEvents } from '../access/audit-events.ts';
import { controlAccess, STORED_LIMIT_MS } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';

/** Names of deployments that were deleted once; they may exist again. */
export type DeletedDeployments = {
  readonly names: readonly string[];
  /** Whether the audit log has more deletions than were read. */
  readonly cut: boolean;
};

const MAX_EVENTS = 10_000;

/**
 * Deletions in the audit log, of any time: a replica that outlives its deployment stays, and only GetReplicas lists
 * it (docs/jaco-daemon/runtime.md#ghost-replicas).
 */
export const deletedDeployments = probe({
  name: 'jaco.deleted-deployments',
  where: 'anywhere',
  after: { access: controlAccess },
  deadlineMs: STORED_LIMIT_MS + 500,
  async collect(io, { access }, signal) {
    io.phase('answer');
    const called = await auditEvents(io, access, { types: ['DELETE'], sinceMs: null, max: MAX_EVENTS }, signal);
    if (called.kind === 'failure') return asFailed(called.failure);
    const names = called.response.flatMap(({ payload: { deployment } }) =>
      deployment ? [clean(deployment, 253)] : [],
    );
    return value<DeletedDeployments>({ names: [...new Set(names)], cut: called.response.length >= MAX_EVENTS });
  },
});
