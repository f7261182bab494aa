import { clean } from '../../engine/text.ts';

/** An untrusted JSON object. */
export type JsonObject = { readonly [field: string]: unknown };

/** The value as an object; empty for any other type. */
export function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The value as a list; empty for any other type. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as cleaned text of at most `max` characters; empty for any other type. */
export function asText(value: unknown, max = 253): string {
  return typeof value === 'string' ? clean(value, max) : '';
}

export function asNumber(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Ms since the epoch of a Docker timestamp; null for the year 1, which means never. */
export function asTime(value: unknown): number | null {
  const ms = typeof value === 'string' && !value.startsWith('0001-') ? Date.parse(value) : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}
