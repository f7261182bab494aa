import { value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { redactSecrets } from '../../../vault/redact-secrets.ts';
import { dockerError, isEngineRefusal } from '../../docker/docker-error.ts';
import { journal } from './journal.ts';
import type { JournalEntry, LoggedMessage } from './journal-entry.ts';

/**
 * The lines of this node's daemon about containers since its last start. They are the only source for a start that
 * failed before its container existed (docs/jaco-daemon/runtime.md#never-started). By replica, the last line of each
 * kind.
 */
export type RuntimeLines = {
  /** Whether the journal could be read and contains lines of the daemon, which may also log elsewhere. */
  readonly seen: boolean;
  /** `start replica failed`. The daemon tries again every 30 s at least. */
  readonly startFailed: { readonly [replica: string]: LoggedMessage };
  /** `bridge.Ensure failed`, by replica, with compose's name of the network. */
  readonly bridgeFailed: { readonly [replica: string]: LoggedMessage & { readonly network: string } };
  /** No free network: the leader's line, or a line of this node about a replica. */
  readonly poolExhausted: LoggedMessage | null;
  /**
   * The pool's own count. A leader logs it when more than three quarters are in use
   * (docs/jaco-daemon/journal.md#journal-lines).
   */
  readonly poolUse: { readonly atMs: number; readonly used: number; readonly size: number } | null;
  /** Docker was not available, in the words of the daemon's client. */
  readonly dockerRefused: LoggedMessage | null;
  /** `deployment scheduling blocked`, by deployment. Only the leader logs it, eleven times per second. */
  readonly blocked: { readonly [deployment: string]: LoggedMessage };
};

/** The runtime's lines of the journal; empty without a journal. */
export const runtimeLines = derive({
  name: 'jaco.runtime-lines',
  where: 'node',
  from: { journal: attempt(journal) },
  derive: ({ journal }) => value(readRuntimeLines(journal.kind === 'value' ? journal.value.entries : null)),
});

type DraftRuntimeLines = {
  startFailed: Map<string, LoggedMessage>;
  bridgeFailed: Map<string, LoggedMessage & { readonly network: string }>;
  blocked: Map<string, LoggedMessage>;
  poolExhausted: LoggedMessage | null;
  poolUse: RuntimeLines['poolUse'];
  dockerRefused: LoggedMessage | null;
};

function nothing(): DraftRuntimeLines {
  return {
    startFailed: new Map(),
    bridgeFailed: new Map(),
    blocked: new Map(),
    poolExhausted: null,
    poolUse: null,
    dockerRefused: null,
  };
}

/** Reads entries, oldest first; null means no journal. A start of the daemon discards the lines before it. */
export function readRuntimeLines(entries: readonly JournalEntry[] | null): RuntimeLines {
  let lines = nothing();
  for (const entry of entries ?? []) {
    if (entry.subsystem === 'jacod' && entry.message === 'starting') lines = nothing();
    else read(entry, lines);
  }
  const { startFailed, bridgeFailed, blocked, ...rest } = lines;
  return {
    ...rest,
    seen: entries !== null && entries.length > 0,
    startFailed: Object.fromEntries(startFailed),
    bridgeFailed: Object.fromEntries(bridgeFailed),
    blocked: Object.fromEntries(blocked),
  };
}

function read({ message, error, atMs, fields }: JournalEntry, lines: DraftRuntimeLines): void {
  const replica = fields['REPLICA_ID'] ?? '';
  const line: LoggedMessage = { atMs, text: redactSecrets(error ?? message) };
  if (error !== null && isEngineRefusal(dockerError(error))) lines.dockerRefused = line;
  if (message === 'start replica failed') lines.startFailed.set(replica, line);
  if (message === 'bridge.Ensure failed')
    lines.bridgeFailed.set(replica, { ...line, network: fields['NETWORK'] ?? '' });
  if (message === 'ipam pool exhausted' || fields['CODE'] === 'subnet_pool_exhausted') lines.poolExhausted = line;
  if (message.startsWith('subnet_pool_utilization') && fields['USED'] !== undefined)
    lines.poolUse = { atMs, used: Number(fields['USED']) || 0, size: Number(fields['SIZE']) || 256 };
  if (message === 'deployment scheduling blocked')
    lines.blocked.set(fields['DEPLOYMENT'] ?? '', { atMs, text: fields['REASON'] ?? line.text });
}
