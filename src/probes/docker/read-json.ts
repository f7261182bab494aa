import { clean } from '../../engine/text.ts';

/** A JSON object from outside: every field may be anything. */
export type JsonObject = { readonly [field: string]: unknown };

/** The value as an object; an empty one where it is none. */
export function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The value as a list; an empty one where it is none. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as cleaned text of `max` characters at most; empty where it is none. */
export function asText(value: unknown, max = 253): string {
  return typeof value === 'string' ? clean(value, max) : '';
}

export function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Ms since the epoch of Docker's time stamps; the year 1 is its word for never. */
export function asTime(value: unknown): number | null {
  const ms = typeof value === 'string' && !value.startsWith('0001-') ? Date.parse(value) : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}
