import { value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { redactShapes } from '../../../vault/redact-shapes.ts';
import { dockerError, isEngineRefusal } from '../../docker/docker-error.ts';
import type { JournalEntry, LoggedMessage } from './entry.ts';
import { journal } from './journal.ts';

/**
 * What the daemon of this node says of containers since its last start: the only place where a start that failed before
 * there was a container is told (docs/jaco-daemon/runtime.md#never-started). By replica, the last line of each kind.
 */
export type RuntimeLines = {
  /** Whether the journal could be read and holds anything of the daemon, which may also write elsewhere. */
  readonly seen: boolean;
  /** `start replica failed`. Tried again every 30 s at least. */
  readonly startFailed: { readonly [replica: string]: LoggedMessage };
  /** `bridge.Ensure failed`, by replica; the network is compose's name of it. */
  readonly bridgeFailed: { readonly [replica: string]: LoggedMessage & { readonly network: string } };
  /** No free network: the leader's own line, or a replica's of this node. */
  readonly poolExhausted: LoggedMessage | null;
  /**
   * The pool's own count, written by a leader when it gives one out over three quarters
   * (docs/jaco-daemon/journal.md#journal-lines).
   */
  readonly poolUse: { readonly atMs: number; readonly used: number; readonly size: number } | null;
  /** Docker was not to be had, in the words of the daemon's client. */
  readonly dockerRefused: LoggedMessage | null;
  /** `deployment scheduling blocked`, by deployment; the leader alone writes it, eleven times a second. */
  readonly blocked: { readonly [deployment: string]: LoggedMessage };
};

/** The runtime's lines of the journal; without one, nothing is said. */
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
  const line: LoggedMessage = { atMs, text: redactShapes(error ?? message) };
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
