import { value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { compareText } from '../../../engine/text.ts';
import { journal } from './journal.ts';
import type { JournalEntry, LoggedMessage } from './journal-entry.ts';

/** A server of raft's configuration, with the names of raft's own logger. */
export type RaftServer = { readonly hostname: string; readonly address: string; readonly voter: boolean };

/**
 * The lines of the daemon's log about raft since its last start. Raft writes its own lines to stderr. They show what no
 * RPC does: who has a vote (seen on three nodes and in a removal). Times in ms since the epoch.
 */
export type RaftLines = {
  /** Whether the journal could be read at all. */
  readonly seen: boolean;
  /**
   * The configuration that was opened or last changed on this node; null if no line shows it. It may be older than the
   * cluster's.
   */
  readonly configuration: { readonly atMs: number; readonly servers: readonly RaftServer[] } | null;
  /** The last candidacy of this node: all voters, and the number of votes that it needs. */
  readonly candidacy: { readonly atMs: number; readonly voters: readonly string[]; readonly need: number } | null;
  /** When raft last logged that this node has no vote or is not in the configuration. */
  readonly voicelessAtMs: number | null;
  /** When this node last became leader. */
  readonly ledAtMs: number | null;
  /** When a write last failed because the disk was full. */
  readonly noSpaceAtMs: number | null;
  /** Why the existing raft state was not loaded at the start. */
  readonly resumeFailure: LoggedMessage | null;
  readonly addVoterFailed: LoggedMessage | null;
  readonly demoteFailed: LoggedMessage | null;
  /** The leader's loop that changes voters has ended. */
  readonly reconcilerEnded: LoggedMessage | null;
};

/** Raft's lines of the journal; empty without a journal. */
export const raftLines = derive({
  name: 'jaco.raft-lines',
  from: { journal: attempt(journal) },
  derive: ({ journal }) => value(journal.kind === 'value' ? readRaftLines(journal.value.entries) : NO_RAFT_LINES),
});

/** The value without a journal. */
export const NO_RAFT_LINES: RaftLines = {
  seen: false,
  configuration: null,
  candidacy: null,
  voicelessAtMs: null,
  ledAtMs: null,
  noSpaceAtMs: null,
  resumeFailure: null,
  addVoterFailed: null,
  demoteFailed: null,
  reconcilerEnded: null,
};

type DraftRaftLines = { -readonly [K in keyof RaftLines]: RaftLines[K] };
type Round = { atMs: number; voters: Set<string>; need: number | null };

/** Reads entries, oldest first. A start of the daemon discards the lines before it. */
export function readRaftLines(entries: readonly JournalEntry[]): RaftLines {
  let lines: DraftRaftLines = { ...NO_RAFT_LINES, seen: true };
  let round: Round | null = null;
  for (const entry of entries) {
    if (entry.subsystem === 'jacod' && entry.message === 'starting') {
      lines = { ...NO_RAFT_LINES, seen: true };
      round = null;
      continue;
    }
    readOwn(entry, lines);
    if (/no space left on device/.test(`${entry.message} ${entry.error ?? ''}`)) lines.noSpaceAtMs = entry.atMs;
    if (entry.message.includes('raft: ')) round = readRaw(entry, lines, round);
    lines.candidacy = candidacyOf(round) ?? lines.candidacy;
  }
  return lines;
}

/** JACO's own lines (docs/jaco-daemon/journal.md#journal-lines). */
function readOwn({ message, error, atMs, fields }: JournalEntry, lines: DraftRaftLines): void {
  const text = error ?? message;
  if (message.startsWith('auto-resume OpenRaft failed') || message.startsWith('hostname for raft resume failed'))
    lines.resumeFailure = { atMs, text: error ?? (message.startsWith('hostname') ? message : '') };
  if (message === 'raft leadership acquired') lines.ledAtMs = atMs;
  if (message.startsWith('AddVoter failed')) lines.addVoterFailed = { atMs, text: fields['ID'] ?? text };
  if (message.startsWith('DemoteVoter failed')) lines.demoteFailed = { atMs, text: fields['ID'] ?? text };
  if (message.startsWith('raft/membership.Reconciler.Run exited')) lines.reconcilerEnded = { atMs, text };
}

const SERVER = /\{Suffrage:(\w+) ID:(\S+) Address:([^\s}]+)\}/g;

/** hclog's lines: `<time> [LEVEL] raft: <message>: key=value …`. */
function readRaw({ message, atMs }: JournalEntry, lines: DraftRaftLines, round: Round | null): Round | null {
  const servers = /(?:initial|updating) configuration: .*servers="?\[(.*)\]/.exec(message)?.[1];
  if (servers !== undefined) {
    const list = [...servers.matchAll(SERVER)]
      .slice(0, 1_000)
      .map(([, suffrage = '', hostname = '', address = '']) => ({ hostname, address, voter: suffrage === 'Voter' }));
    // A joining node opens with an empty one, which says nothing.
    if (list.length > 0) lines.configuration = { atMs, servers: list };
  }
  if (message.includes('not part of a stable configuration')) lines.voicelessAtMs = atMs;
  if (message.includes('entering leader state')) lines.ledAtMs = atMs;
  if (message.includes('entering candidate state')) return { atMs, voters: new Set(), need: null };
  if (round === null) return null;
  const voter =
    /voting for self: .*\bid=(\S+)/.exec(message)?.[1] ?? /asking for (?:pre-)?vote: .*\bfrom=(\S+)/.exec(message)?.[1];
  if (voter !== undefined && round.voters.size < 1_000) round.voters.add(voter);
  const need = /calculated votes needed: needed=(\d+)/.exec(message)?.[1];
  if (need !== undefined) round.need = Number(need);
  return round;
}

/** An election round with all its lines: the votes that it needs are a majority of the nodes that were asked. */
function candidacyOf(round: Round | null): RaftLines['candidacy'] {
  if (round === null || round.need === null || round.need !== Math.floor(round.voters.size / 2) + 1) return null;
  return { atMs: round.atMs, voters: [...round.voters].sort(compareText), need: round.need };
}
