import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { WRITER } from '../real/host/journal.ts';

const PRIORITIES: Readonly<Record<string, string>> = { ERROR: '3', WARN: '4', INFO: '6' };
const INVOCATION = 'a'.repeat(32);

type Fields = { readonly [name: string]: string };

/**
 * Writes the journal that a node's daemon would have under systemd, from its stderr: its own lines with their
 * attributes, those of raft and of the proxy unchanged (docs/jaco-daemon/journal.md). Lines at DEBUG are left out, as
 * at a node's log level. `folder` is then the node's /run/log/journal.
 */
export function writeDaemonJournal(log: string, pid: string, folder: string): void {
  const machine = readFileSync('/etc/machine-id', 'utf8').trim();
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().replaceAll('-', '');
  const path = join(folder, machine, 'system.journal');
  mkdirSync(join(folder, machine), { recursive: true });
  rmSync(path, { force: true });
  const common = { _BOOT_ID: boot, _MACHINE_ID: machine, _PID: pid, SYSLOG_IDENTIFIER: 'jacod' };
  const unit = { _SYSTEMD_UNIT: 'jaco.service', _SYSTEMD_INVOCATION_ID: INVOCATION };
  let atMs = Date.now();
  const entries = log.split('\n').flatMap((line, index) => {
    const fields = ownLine(line) ?? { MESSAGE: line, PRIORITY: '6', _TRANSPORT: 'stdout' };
    if (line === '' || fields === DEBUG) return [];
    atMs = timeOf(line) ?? atMs;
    const times = { __REALTIME_TIMESTAMP: `${atMs}000`, __MONOTONIC_TIMESTAMP: String(1_000_000 + index) };
    const all = Object.entries({ ...times, ...common, ...unit, ...fields });
    return [`${all.map(([name, text]) => `${name}=${text.replaceAll('\n', ' ')}`).join('\n')}\n\n`];
  });
  const { status, stderr } = spawnSync(WRITER, [`--output=${path}`, '-'], {
    input: entries.join(''),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`systemd-journal-remote ended with ${status}: ${stderr}`);
}

const DEBUG: Fields = {};

/** A line of JACO's own logger as a journal entry; null for other lines. */
function ownLine(line: string): Fields | null {
  if (!line.startsWith('time=')) return null;
  const pairs = [...line.matchAll(/(?:^| )([\w.]+)=("(?:[^"\\]|\\.)*"|\S*)/g)].map(
    ([, name = '', text = '']) => [name, text.startsWith('"') ? unquoted(text) : text] as const,
  );
  const { time: _, level = '', msg = '', ...attributes } = Object.fromEntries(pairs);
  if (level === 'DEBUG') return DEBUG;
  const upper = Object.entries(attributes).map(([name, text]) => [name.toUpperCase(), text]);
  return { MESSAGE: msg, PRIORITY: PRIORITIES[level] ?? '6', _TRANSPORT: 'journal', ...Object.fromEntries(upper) };
}

/** Go quotes like JSON, except for `\x`, which none of these lines has. */
function unquoted(text: string): string {
  return JSON.parse(text.replaceAll('\\x', '\\\\x')) as string;
}

/** When a line was written, ms since the epoch; null if it does not say. */
function timeOf(line: string): number | null {
  const iso = /^(?:time=)?(\d{4}-\d\d-\d\dT[\d:.]+Z)/.exec(line)?.[1];
  if (iso !== undefined) return Date.parse(iso);
  const seconds = /^\{"level":"[a-z]+","ts":(\d+(?:\.\d+)?)/.exec(line)?.[1];
  return seconds === undefined ? null : Math.floor(Number(seconds) * 1000);
}
