import type { DocumentedId } from './id-shape.ts';
import type { Reason } from './keys.ts';

/** One occurrence of an id. Without a reason against it, the id is wrong now. */
export type Sighting = {
  readonly id: DocumentedId;
  reason: Reason | null;
};

/** A word in the position of an error id that no page documents. */
export type UnknownWord = { readonly word: string; readonly reason: Reason | null };

/** All occurrences so far, in the order of the text. */
export class Sightings {
  readonly ids: Sighting[] = [];
  readonly unknownWords: UnknownWord[] = [];

  /** Occurrences kept, at most. */
  static readonly MAX = 5_000;

  addId(id: DocumentedId, reason: Reason | null): Sighting | null {
    if (this.ids.length >= Sightings.MAX) return null;
    const sighting = { id, reason };
    this.ids.push(sighting);
    return sighting;
  }

  addUnknown(word: string, reason: Reason | null): void {
    if (this.unknownWords.length < Sightings.MAX) this.unknownWords.push({ word, reason });
  }
}
