import { failed, notApplicable, type Outcome, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { childFailure } from '../../io/child-failure.ts';
import { readText } from '../../io/files.ts';
import { type ChildResult, runChild } from '../../io/run-child.ts';
import { type Units, unit } from '../daemon/unit.ts';
import { probe } from '../jaco-probe.ts';
import type { Journal, JournalEntry } from './journal-entry.ts';
import { MATCHES, OUTPUT_FIELDS } from './matches.ts';
import { parseLine } from './parse-line.ts';
import { systemJournalReadable } from './system-journal.ts';

export type { Journal, JournalEntry } from './journal-entry.ts';

/** Most entries that are kept (the newest), and most characters that are read. */
const MAX_ENTRIES = 5_000;
const MAX_CHARACTERS = 8 * 1024 * 1024;
const WHO_MAY_READ = 'only root and the groups systemd-journal and adm can read the journal';
/** systemd's own lines about a process precede its start. */
const BEFORE_START_MS = 5_000;

/** The unit's journal, from one child. `denied` if this user may not read it, which differs from "empty". */
export const journal = probe({
  name: 'jaco.journal',
  right: 'root, or group systemd-journal or adm',
  after: { unit: attempt(unit) },
  deadlineMs: 4_000,
  async collect(io, { unit }, signal): Promise<Result<Journal>> {
    if (io.settings.standIn !== null) return readStandIn(io.settings.standIn.journal);
    const sinceMs = sinceOf(unit, Date.now() - io.settings.sinceMs);
    io.phase('journalctl');
    const entries: JournalEntry[] = [];
    let [characters, dropped] = [0, 0];
    const ended = await runChild(
      [
        'journalctl',
        '--no-pager',
        '--reverse',
        '--output=json',
        // Without this option, journalctl prints a field of more than 4,096 bytes as null.
        '--all',
        `--output-fields=${OUTPUT_FIELDS.join(',')}`,
        `--since=@${Math.floor(sinceMs / 1000)}`,
        ...MATCHES,
      ],
      {
        signal,
        onLine(line) {
          characters += line.length;
          const parsed = parseLine(line);
          if (parsed.kind === 'entry') entries.push(parsed.entry);
          if (parsed.kind === 'dropped') dropped += parsed.count;
          return entries.length < MAX_ENTRIES && characters < MAX_CHARACTERS;
        },
      },
    );
    if (ended.kind === 'failed') return ended;
    const failure = readFailure(ended, entries.length);
    if (failure !== null) return failure;
    if (entries.length === 0 && (await systemJournalReadable()) === false)
      return failed('denied', 'journalctl', WHO_MAY_READ);
    return value({ entries: entries.reverse(), sinceMs, cut: ended.cut, dropped });
  },
});

/** The journal of a stand-in, whose lines are in a file. */
async function readStandIn(path: string | null): Promise<Result<Journal>> {
  if (path === null) return notApplicable('the stand-in of the demo does not have this');
  const read = await readText(path);
  if (read.kind === 'failed') return read;
  const lines = read.text.split('\n').map(parseLine);
  return value({
    entries: lines.flatMap((line) => (line.kind === 'entry' ? [line.entry] : [])),
    sinceMs: 0,
    cut: false,
    dropped: 0,
  });
}

/**
 * The begin of the requested time, or the earlier start of a running daemon, because its first lines show how it
 * started.
 */
function sinceOf(unit: Outcome<Units>, windowMs: number): number {
  const startedAtMs = unit.kind === 'value' ? unit.value.service.startedAtMs : null;
  return Math.max(0, startedAtMs === null ? windowMs : Math.min(windowMs, startedAtMs - BEFORE_START_MS));
}

/** journalctl prints no error when it hides the system's messages from a user; only its hints show that. */
function readFailure(ended: ChildResult, count: number): Extract<Result, { kind: 'failed' }> | null {
  const { code, stderr, cut } = ended;
  if (/insufficient permissions|not seeing messages from other users/i.test(stderr))
    return failed('denied', 'journalctl', WHO_MAY_READ);
  if (/no journal files were found/i.test(stderr))
    return failed('absent', 'journalctl', 'this host has no journal files');
  if (cut || code === 0 || count > 0) return null;
  return childFailure('journalctl', ended, {
    kind: 'run',
    argv: ['journalctl', '-u', 'jaco', '-n', '1', '--no-pager'],
  });
}
