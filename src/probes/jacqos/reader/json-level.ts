import type { ObjectState, Reason } from './keys.ts';
import type { Occurrence } from './occurrences.ts';
import type { Location } from './state-keys.ts';
import type { FaultFlags } from './states.ts';

/** One level of a document during its scan. */
export type JsonLevel = {
  readonly kind: 'object' | 'array';
  /** Its key; an entry of an array has the key of the array. */
  readonly key: string | null;
  readonly reason: Reason | null;
  readonly failure: boolean;
  /** Whether its contents belong to the users, so that only ids are reported from it. */
  readonly isPrivateData: boolean;
  readonly observed: boolean;
  readonly location: Location;
  /** The occurrence of its key, if the key is an id. */
  readonly keyOccurrence: Occurrence | null;
  /** All occurrences in it and below. */
  readonly occurrences: Occurrence[];
  /** Ids that are whole values at this level, but not names of users, and whether their key only names the subject. */
  readonly whole: { readonly occurrence: Occurrence; readonly subject: boolean }[];
  readonly prose: Occurrence[];
  /** Number of state words before it. */
  readonly wordsBefore: number;
  /** The state of the flags before it. */
  readonly flagsBefore: FaultFlags;
  /** Whether it has a meaning and a remedy, as an entry of a catalogue does. */
  readonly glossary: { meaning: boolean; remedy: boolean };
  state: ObjectState | null;
  isResolved: boolean;
  isEmpty: boolean;
};

/** Applies the state of an object to the ids in it. The state of the root object is not that of a single check. */
export function applyObjectState(level: JsonLevel, isRoot: boolean): void {
  const isOpen = !level.isResolved && level.state === 'open';
  for (const { occurrence, subject } of level.whole) {
    // An open entry is current even in a history; a failed check may be named after the id it checks.
    if (isOpen && occurrence.reason === 'history') occurrence.reason = null;
    if ((isOpen || level.state === 'failing') && occurrence.reason === 'name') occurrence.reason = null;
    if (isPassingOrOff(level) && subject && !isRoot) occurrence.reason ??= 'false';
  }
  if (level.isResolved) for (const occurrence of level.occurrences) setReason(occurrence, 'resolved');
  if (level.whole.some(({ occurrence: { reason } }) => reason === null || reason === 'past-run'))
    for (const occurrence of level.prose) occurrence.reason ??= 'prose';
}

/** Whether what an object names does not apply: it passed, or is not active. */
export function isPassingOrOff({ state }: JsonLevel): boolean {
  return state === 'passing' || state === 'off';
}

/** Whether an object further out can still give the reason. */
export function isReasonOpen({ reason }: Occurrence): boolean {
  return reason === null || reason === 'past-run';
}

/** Sets the reason, which also replaces `past-run`. */
export function setReason(occurrence: Occurrence, reason: Reason): void {
  if (isReasonOpen(occurrence)) occurrence.reason = reason;
}
