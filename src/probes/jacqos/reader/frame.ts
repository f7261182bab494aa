import type { ObjectState, Reason } from './keys.ts';
import type { Sighting } from './sightings.ts';
import type { Location } from './states.ts';

/** One level of a document during its scan. */
export type Frame = {
  readonly kind: 'object' | 'array';
  /** Its key; an entry of an array has the key of the array. */
  readonly key: string | null;
  readonly reason: Reason | null;
  readonly failure: boolean;
  /** Whether its contents belong to the users, so that only ids are reported from it. */
  readonly isPrivateData: boolean;
  readonly observed: boolean;
  readonly location: Location;
  /** The sighting of its key, if the key is an id. */
  readonly keySighting: Sighting | null;
  /** All sightings in it and below. */
  readonly sightings: Sighting[];
  /** Ids that are whole values at this level, and whether their key only names the subject. */
  readonly whole: { readonly sighting: Sighting; readonly subject: boolean }[];
  readonly prose: Sighting[];
  /** Number of state words before it. */
  readonly wordsBefore: number;
  /** Whether it has a meaning and a remedy, as an entry of a catalogue does. */
  readonly glossary: { meaning: boolean; remedy: boolean };
  state: ObjectState | null;
  isResolved: boolean;
  isEmpty: boolean;
};

/** Applies the state of an object to the ids in it. The state of the root object is not that of a single check. */
export function settle(frame: Frame, isRoot: boolean): void {
  const isOpen = !frame.isResolved && frame.state === 'open';
  for (const { sighting, subject } of frame.whole) {
    // An open entry is current even in a history; a failed check may be named after the id it checks.
    if (isOpen && sighting.reason === 'history') sighting.reason = null;
    if ((isOpen || frame.state === 'failing') && sighting.reason === 'name') sighting.reason = null;
    if (frame.state === 'passing' && subject && !isRoot) sighting.reason ??= 'false';
  }
  if (frame.isResolved) for (const sighting of frame.sightings) settleAs(sighting, 'resolved');
  if (frame.whole.some(({ sighting: { reason } }) => reason === null || reason === 'past-run'))
    for (const sighting of frame.prose) sighting.reason ??= 'prose';
}

/** Sets the reason, which also replaces `past-run`. */
export function settleAs(sighting: Sighting, reason: Reason): void {
  if (sighting.reason === null || sighting.reason === 'past-run') sighting.reason = reason;
}
