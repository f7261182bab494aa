import { clean } from './text.ts';

/** One line about anything thrown; a string, null or a hostile object included. */
export function describe(thrown: unknown): string {
  try {
    return clean(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown), 200);
  } catch {
    return 'an error that cannot be shown';
  }
}
