/** Most keys that are kept: documents usually repeat a few keys very often. */
const MAX_KEPT = 2_000;
const kept = new Map<string, readonly string[]>();

/** The words of a key in any spelling: `lastFailure`, `last_failure`, `Last failure`. */
export function splitWords(key: string): readonly string[] {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const spaced = key
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
  const words: readonly string[] = spaced.match(/[a-z0-9]+/g) ?? [];
  if (kept.size < MAX_KEPT && key.length <= 64) kept.set(key, words);
  return words;
}
