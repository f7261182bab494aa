import type { Step } from '../catalog/entry-schema.ts';
import type { Situation } from '../engine/situation.ts';

type Range = Pick<Step, 'since' | 'until'>;
type Answer = 'yes' | 'no' | 'unknown';

/** Whether the running release is in the range of a step. */
export function fitsRelease({ since, until }: Range, { releases }: Pick<Situation, 'releases'>): Answer {
  const includes = (at: number): Answer => releases[at]?.included ?? 'unknown';
  const begun = since === null ? 'yes' : includes(releases.findIndex(({ tag }) => tag === since));
  const last = releases.findIndex(({ tag }) => tag === until);
  // The newest known release has no successor that could end the range.
  const ended = until === null || last === 0 ? 'no' : includes(last - 1);
  if (begun === 'no' || ended === 'yes') return 'no';
  return begun === 'yes' && ended === 'no' ? 'yes' : 'unknown';
}

/** The range of a step in words; null without one. */
export function rangeText({ since, until }: Range): string | null {
  if (since === null) return until === null ? null : `only on ${until} and earlier`;
  return until === null ? `only on ${since} and later` : `only on ${since} to ${until}`;
}
