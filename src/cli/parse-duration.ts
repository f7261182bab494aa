import { formatDuration } from '../engine/format.ts';
import { UsageError } from './usage-error.ts';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/**
 * Reads `500ms`, `3s`, `2m`, `1h` or a number of seconds without a unit into ms. Throws a usage error that names `flag`
 * for anything else.
 */
export function parseDuration(text: string, flag: string, { min, max }: { min: number; max: number }): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim());
  if (!match) throw new UsageError(`${flag}: "${text}" is not a duration; write 500ms, 3s, 2m or a number of seconds`);
  const ms = Number(match[1]) * UNITS[(match[2] ?? 's') as keyof typeof UNITS];
  if (ms < min || ms > max)
    throw new UsageError(`${flag}: ${text} is not between ${formatDuration(min)} and ${formatDuration(max)}`);
  return Math.round(ms);
}
