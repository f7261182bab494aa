import { value } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';
import type { AuditEvent } from '../../../wire/jaco.ts';
import { asFailed } from '../../io/grpc/grpc.ts';
import { auditEvents } from '../access/audit-events.ts';
import { controlAccess, STORED_LIMIT_MS } from '../access/control-access.ts';
import { msOf } from '../control/status-fact.ts';
import { probe } from '../jaco-probe.ts';

/**
 * A change of a deployment, as the audit log has it (docs/jaco-daemon/raft.md#audit-log). Time in ms since the epoch.
 */
export type DeploymentEvent = {
  readonly kind: 'apply' | 'delete' | 'rollback';
  readonly deployment: string;
  /** The author; a rollback by `rollout` is JACO's own (docs/jaco-daemon/runtime.md#rollouts). */
  readonly identity: string;
  readonly atMs: number;
};

export type DeploymentEvents = {
  /** Oldest first. */
  readonly events: readonly DeploymentEvent[];
  readonly sinceMs: number;
  /** Set if there were more, which are newer. */
  readonly cut: boolean;
};

const MAX_EVENTS = 10_000;
const KINDS = { 1: 'apply', 2: 'delete', 3: 'rollback' } as const;

/**
 * Events of deployments within the requested time. Only these have a time, so a time filter leaves none of them out
 * (docs/jaco-daemon/raft.md#audit-log). A log may contain a rollback for every minute of a year.
 */
export const deploymentEvents = probe({
  name: 'jaco.deployment-events',
  where: 'anywhere',
  after: { access: controlAccess },
  deadlineMs: STORED_LIMIT_MS + 500,
  async collect(io, { access }, signal) {
    io.phase('answer');
    const sinceMs = Date.now() - io.settings.sinceMs;
    const query = { types: ['APPLY', 'DELETE', 'ROLLBACK'], sinceMs, max: MAX_EVENTS } as const;
    const called = await auditEvents(io, access, query, signal);
    if (called.kind === 'failure') return asFailed(called.failure);
    const events = called.response.flatMap(eventOf);
    return value<DeploymentEvents>({ events, sinceMs, cut: called.response.length >= MAX_EVENTS });
  },
});

function eventOf({ type, identity, ts, payload }: AuditEvent): readonly DeploymentEvent[] {
  const kind = KINDS[type as keyof typeof KINDS];
  const atMs = msOf(ts);
  const deployment = payload['deployment'];
  if (kind === undefined || atMs === null || deployment === undefined) return [];
  return [{ kind, deployment: clean(deployment, 253), identity: clean(identity, 253), atMs }];
}
