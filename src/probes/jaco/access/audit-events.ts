import type { AuditEvent, AuditEventType } from '../../../wire/jaco.ts';
import type { CallResult } from '../../io/grpc/grpc.ts';
import type { JacoIo } from '../jaco-probe.ts';
import { type ControlAccess, STORED_LIMIT_MS, streamControl } from './control-access.ts';

/** The events to read: their types, the oldest time (ms since the epoch; null for any), and the most events. */
export type AuditQuery = {
  readonly types: readonly (keyof typeof AuditEventType)[];
  readonly sinceMs: number | null;
  readonly max: number;
};

/** Reads events of the audit log, oldest first (docs/jaco-daemon/raft.md#audit-log). */
export async function auditEvents(
  io: Pick<JacoIo, 'token'>,
  access: ControlAccess,
  { types, sinceMs, max }: AuditQuery,
  signal: AbortSignal,
): Promise<CallResult<readonly AuditEvent[]>> {
  const wire = await import('../../../wire/jaco.ts');
  const request = {
    since: sinceMs === null ? undefined : { seconds: String(Math.floor(sinceMs / 1000)), nanos: 0 },
    until: undefined,
    follow: false,
    types: types.map((type) => wire.AuditEventType[type]),
  };
  return streamControl(io, access, wire.AuditService.query, request, { limitMs: STORED_LIMIT_MS, signal, max });
}
