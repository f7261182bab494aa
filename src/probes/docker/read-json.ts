import { clean } from '../../engine/text.ts';

/** A JSON object from outside: every field may be anything. */
export type Loose = { readonly [field: string]: unknown };

/** The value as an object; an empty one where it is none. */
export function object(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

/** The value as a list; an empty one where it is none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as cleaned text of `max` characters at most; empty where it is none. */
export function text(value: unknown, max = 253): string {
  return typeof value === 'string' ? clean(value, max) : '';
}

export function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Ms since the epoch of Docker's time stamps; the year 1 is its word for never. */
export function time(value: unknown): number | null {
  const ms = typeof value === 'string' && !value.startsWith('0001-') ? Date.parse(value) : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}
