import type { Reason, Standing } from './keys.ts';
import type { Sighting } from './sightings.ts';
import type { Place } from './states.ts';

/** What stands at one level of a document while it is followed. */
export type Frame = {
  readonly kind: 'object' | 'array';
  /** The key it stands under; that of the array for what stands in an array. */
  readonly key: string | null;
  readonly reason: Reason | null;
  readonly failure: boolean;
  /** Whether what stands here is the users' own, of which nothing but ids is told. */
  readonly own: boolean;
  readonly observed: boolean;
  readonly place: Place;
  /** The sighting made by its key, if that is an id. */
  readonly keyed: Sighting | null;
  /** Everything seen in it and below. */
  readonly seen: Sighting[];
  /** Ids that are whole values right here, and whether under a key that only names the subject. */
  readonly whole: { readonly sighting: Sighting; readonly subject: boolean }[];
  readonly prose: Sighting[];
  /** How many state words there were before it. */
  readonly wordsBefore: number;
  /** Whether it explains and remedies, as an entry of a catalogue does. */
  readonly glossary: { meaning: boolean; remedy: boolean };
  standing: Standing | null;
  over: boolean;
  empty: boolean;
};

/** What an object's members say of the ids in it. What a whole document says of itself is no check that passed. */
export function settle(frame: Frame, outermost: boolean): void {
  const goesOn = !frame.over && frame.standing === 'open';
  for (const { sighting, subject } of frame.whole) {
    // Said to go on, wherever it is listed; a check that bears the name of what it looks for, and fails.
    if (goesOn && sighting.reason === 'history') sighting.reason = null;
    if ((goesOn || frame.standing === 'failing') && sighting.reason === 'name') sighting.reason = null;
    if (frame.standing === 'passing' && subject && !outermost) sighting.reason ??= 'false';
  }
  if (frame.over) for (const sighting of frame.seen) settleAs(sighting, 'resolved');
  if (frame.whole.some(({ sighting: { reason } }) => reason === null || reason === 'past-run'))
    for (const sighting of frame.prose) sighting.reason ??= 'prose';
}

/** The last failure stays one of the past only until something is said of it. */
export function settleAs(sighting: Sighting, reason: Reason): void {
  if (sighting.reason === null || sighting.reason === 'past-run') sighting.reason = reason;
}
