import { clean } from '../../../engine/text.ts';
import type { JournalEntry } from './journal-entry.ts';
import { KEPT_FIELDS, SUPPRESSED } from './matches.ts';

/** A parsed line of `journalctl -o json`: an entry, a count of dropped messages, or nothing relevant. */
export type ParsedLine =
  | { readonly kind: 'entry'; readonly entry: JournalEntry }
  | { readonly kind: 'dropped'; readonly count: number }
  | { readonly kind: 'nothing' };

const EMPTY_LINE: ParsedLine = { kind: 'nothing' };
/**
 * Most characters that are kept of a message, of a raw message (the proxy's are JSON, which a cut would break), and of
 * any other field.
 */
const MAX_MESSAGE = 1_000;
const MAX_RAW = 4_000;
const MAX_FIELD = 300;

/** Parses one line. A line that is binary, cut off or not an entry gives nothing, never an error. */
export function parseLine(line: string): ParsedLine {
  if (!line.startsWith('{')) return EMPTY_LINE;
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch {
    return EMPTY_LINE;
  }
  const text = (name: string, max = MAX_FIELD): string | null =>
    fieldText((raw as { [field: string]: unknown })[name], max);
  if (text('MESSAGE_ID') === SUPPRESSED) return { kind: 'dropped', count: Number(text('N_DROPPED')) || 1 };
  const atMs = Math.floor(Number(text('__REALTIME_TIMESTAMP') ?? Number.NaN) / 1000);
  const isRaw = text('_TRANSPORT') === 'stdout';
  const message = text('MESSAGE', isRaw ? MAX_RAW : MAX_MESSAGE);
  if (!Number.isSafeInteger(atMs) || message === null) return EMPTY_LINE;
  // raft's logger writes its DEBUG lines at any level of the daemon (docs/jaco-daemon/journal.md#stderr-lines).
  if (isRaw && /^\S+ \[(DEBUG|TRACE)\]/.test(message)) return EMPTY_LINE;
  const fields: { [name: string]: string } = {};
  for (const name of KEPT_FIELDS) {
    const value = text(name);
    if (value !== null) fields[name] = value;
  }
  return {
    kind: 'entry',
    entry: {
      atMs,
      priority: priorityOf(text('PRIORITY')),
      subsystem: text('SUBSYSTEM'),
      message,
      error: text('ERROR', MAX_MESSAGE),
      fields,
      raw: isRaw,
      pid: Number(text('_PID')) || null,
      // systemd's own lines contain the unit's invocation in another field.
      invocation:
        text('INVOCATION_ID') ?? (text('_SYSTEMD_UNIT') === 'jaco.service' ? text('_SYSTEMD_INVOCATION_ID') : null),
    },
  };
}

/**
 * The text of a field. It may be a list, of which the last value counts, or bytes, if it is not UTF-8 or contains
 * control characters.
 */
function fieldText(value: unknown, max: number): string | null {
  if (typeof value === 'string') return clean(value, max);
  if (!Array.isArray(value) || value.length === 0) return null;
  if (value.every((byte) => typeof byte === 'number'))
    return clean(Buffer.from(value.slice(0, max * 4)).toString('utf8'), max);
  return fieldText(value.at(-1), max);
}

function priorityOf(text: string | null): number {
  return text !== null && /^[0-7]$/.test(text) ? Number(text) : 6;
}
