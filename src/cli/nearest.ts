/** The candidate that is at most a third of its letters away from what was typed, if there is one. */
export function nearest(typed: string, candidates: readonly string[]): string | null {
  let best: { word: string; steps: number } | null = null;
  for (const word of candidates) {
    const steps = distance(typed.slice(0, 64), word);
    if (steps <= Math.ceil(word.length / 3) && (best === null || steps < best.steps)) best = { word, steps };
  }
  return best?.word ?? null;
}

/** Letters to insert, delete or change (Levenshtein). */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] as number) + 1, (row[j - 1] as number) + 1, change));
    }
    previous = row;
  }
  return previous[b.length] as number;
}
