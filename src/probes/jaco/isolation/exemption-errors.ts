import { notApplicable, type Result, value } from '../../../engine/outcome.ts';
import { clean } from '../../../engine/text.ts';
import { asFailed } from '../../io/grpc/grpc.ts';
import { auditEvents } from '../access/audit-events.ts';
import { controlAccess, STORED_LIMIT_MS } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';
import { exemptions } from './exemptions.ts';

/**
 * The newest error of a node that wrote its exemptions; null if none is stored. The log shows neither node nor time.
 * Only the raft indexes of the newest errors, oldest first, show how long ago they were.
 */
export type ExemptionErrors = { readonly last: string | null; readonly indexes: readonly string[] };

/** A failing node writes two per period, so this is the log of some days. */
const MAX_EVENTS = 20_000;
const MAX_KEPT = 4;

/**
 * The errors in the audit log, which is their only source (docs/jaco-daemon/isolation.md#companion-rules). They are
 * read only if an exemption is missing.
 */
export const exemptionErrors = probe({
  name: 'jaco.exemption-errors',
  after: { access: controlAccess, exemptions },
  deadlineMs: STORED_LIMIT_MS + 500,
  async collect(io, { access, exemptions }, signal): Promise<Result<ExemptionErrors>> {
    if (exemptions.chains.every(({ state }) => state === 'right')) return notApplicable('no exemption is missing');
    io.phase('answer');
    const query = { types: ['ISOLATION_RULESET_RECONCILED'], sinceMs: null, max: MAX_EVENTS } as const;
    const called = await auditEvents(io, access, query, signal);
    if (called.kind === 'failure') return asFailed(called.failure);
    const errors = called.response.filter(({ payload }) => payload['error'] !== undefined).slice(-MAX_KEPT);
    const last = errors.at(-1)?.payload['error'];
    return value({
      last: last === undefined ? null : clean(last),
      indexes: errors.map(({ raftIndex }) => clean(raftIndex, 20)),
    });
  },
});

/**
 * Whether the node still fails. A failing node adds an error or two every 30 s, so the next one is as near as the
 * previous ones were.
 */
export function stillFails({ indexes }: ExemptionErrors, raftIndex: string): boolean {
  const [last = 0, ...earlier] = indexes.map(Number).reverse();
  const step = Math.max(0, ...earlier.map((index, at) => ([last, ...earlier][at] ?? index) - index));
  return step > 0 && Number(raftIndex) - last <= 2 * step + 50;
}
