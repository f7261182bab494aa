import { clean } from './text.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** A size in bytes for people: 1.5 MiB, 12 GiB. */
export function formatBytes(bytes: number): string {
  const [size, unit] = bytes >= GIB ? [bytes / GIB, 'GiB'] : [bytes / MIB, 'MiB'];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

/** A length of time in ms for people: 250 ms, 1.2 s, 45 s, 3 min, 2 h. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Number((ms / 1000).toFixed(ms < 10_000 ? 1 : 0))} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  return `${Number((ms / 3_600_000).toFixed(1))} h`;
}

/** A point in time, in ms since the epoch, as ISO 8601 in UTC to the second. */
export function formatTime(ms: number | null): string {
  return ms === null ? 'an unknown time' : `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** One line that describes anything thrown, including a string, null or a hostile object. */
export function describeError(thrown: unknown): string {
  try {
    return clean(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown), 200);
  } catch {
    return 'an error that cannot be shown';
  }
}

/** Milliseconds as a whole number of seconds, without the unit. */
export function formatSeconds(ms: number): string {
  return String(Math.round(ms / 1000));
}

/** The quoted name of a program and its process id. Without quotes, a name such as node reads as a word. */
export function formatProcess(program: string, pid: number | null): string {
  return `"${program}" (pid ${pid})`;
}
