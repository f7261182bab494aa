/** The words of a key in any spelling: `lastFailure`, `last_failure`, `Last failure`. */
export function splitWords(key: string): readonly string[] {
  const spaced = key
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return spaced.match(/[a-z0-9]+/g) ?? [];
}
