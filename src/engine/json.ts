/** Plain JSON, of which every fact, recording and report is made. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The same value with `change` applied to every string; keys are not changed. */
export function mapStrings<T>(part: T, change: (text: string) => string): T {
  if (typeof part === 'string') return change(part) as T;
  if (Array.isArray(part)) return part.map((one) => mapStrings(one, change)) as T;
  if (part === null || typeof part !== 'object') return part;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, mapStrings(value, change)])) as T;
}
