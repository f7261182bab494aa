import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OUTPUT_FIELDS } from '../../../../src/probes/jaco/journal/matches.ts';
import { parseLine } from '../../../../src/probes/jaco/journal/parse-line.ts';

const CAPTURED = readFileSync(new URL('../../../captures/host/journal-fresh-init.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');

function entryOf(line: string | object) {
  const parsed = parseLine(typeof line === 'string' ? line : JSON.stringify(line));
  return parsed.kind === 'entry' ? parsed.entry : null;
}

const RAW = {
  _TRANSPORT: 'stdout',
  PRIORITY: '6',
  __REALTIME_TIMESTAMP: '1795247568808132',
  _SYSTEMD_UNIT: 'jaco.service',
  _PID: '226',
};

describe('the journal of a fresh node', () => {
  const entries = CAPTURED.map(entryOf).filter((entry) => entry !== null);

  test('names the version of the running process in its first line', () => {
    expect(entries.find(({ message }) => message === 'starting')).toEqual({
      atMs: 1_795_247_568_808,
      priority: 6,
      subsystem: 'jacod',
      message: 'starting',
      error: null,
      fields: { VERSION: 'v0.3.9', DATA_DIR: '/var/lib/jaco', UNIX_SOCKET: '/var/run/jaco/jaco.sock' },
      raw: false,
      pid: 226,
      invocation: '4b8fc6063551485d8cd45d986d99f39a',
    });
  });

  test('ties systemd’s own lines to the same start', () => {
    expect(entries[0]).toMatchObject({
      message: 'Starting jaco.service - jacod...',
      subsystem: null,
      pid: 1,
      invocation: '4b8fc6063551485d8cd45d986d99f39a',
    });
  });

  test('marks what raft writes to stderr, and leaves its chatter out', () => {
    const raw = entries.filter((entry) => entry.raw);
    expect(raw.length).toBeGreaterThan(0);
    expect(raw.every(({ subsystem, priority }) => subsystem === null && priority === 6)).toBe(true);
    expect(CAPTURED.some((line) => line.includes('[DEBUG] raft:'))).toBe(true);
    expect(raw.some(({ message }) => message.includes('[DEBUG]'))).toBe(false);
  });
});

describe('a line of the journal', () => {
  test('whose message is bytes is read as the text in it, without characters that move a cursor', () => {
    const bytes = [...Buffer.from('\u001b[31m2026 [ERROR] raft: failed\u0007')];
    expect(entryOf({ ...RAW, MESSAGE: bytes })?.message).toBe('2026 [ERROR] raft: failed');
  });

  test('with a field twice keeps the later one', () => {
    expect(entryOf({ ...RAW, MESSAGE: ['one', 'two'] })?.message).toBe('two');
  });

  test('of the proxy is kept long enough to be parsed', () => {
    const message = JSON.stringify({ level: 'error', msg: 'x'.repeat(2_000) });
    expect(entryOf({ ...RAW, MESSAGE: message })?.message).toBe(message);
  });

  test('about dropped messages is counted, not kept', () => {
    expect(
      parseLine(
        JSON.stringify({
          MESSAGE_ID: 'a596d6fe7bfa4994828e72309e95d61e',
          N_DROPPED: '21',
          MESSAGE: 'Suppressed 21 messages from jaco.service',
        }),
      ),
    ).toEqual({ kind: 'dropped', count: 21 });
  });

  test.each([
    '',
    '-- No entries --',
    '{',
    '[]',
    '{}',
    '{"MESSAGE":"no time"}',
    '{"__REALTIME_TIMESTAMP":"1","MESSAGE":null}',
    `{"__REALTIME_TIMESTAMP":"1","MESSAGE":"cut in the mid`,
  ])('that is not an entry is ignored: %s', (line) => {
    expect(parseLine(line)).toEqual({ kind: 'nothing' });
  });

  test('never makes the reader throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc
            .dictionary(fc.constantFrom(...OUTPUT_FIELDS, '__REALTIME_TIMESTAMP'), fc.jsonValue())
            .map((all) => JSON.stringify(all)),
        ),
        (line) => ['entry', 'dropped', 'nothing'].includes(parseLine(line).kind),
      ),
    );
  });
});
