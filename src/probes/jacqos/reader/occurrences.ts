import type { DocumentedId } from './id-shape.ts';
import type { Reason } from './keys.ts';

/** One occurrence of an id. Without a reason against it, the id is wrong now. */
export type Occurrence = {
  readonly id: DocumentedId;
  reason: Reason | null;
};

/** A word in the position of an error id that no page documents. */
export type UnknownWord = { readonly word: string; readonly reason: Reason | null };

/** All occurrences so far, in the order of the text. */
export class Occurrences {
  readonly ids: Occurrence[] = [];
  readonly unknownWords: UnknownWord[] = [];

  /** Occurrences kept, at most. */
  static readonly MAX = 5_000;

  addId(id: DocumentedId, reason: Reason | null): Occurrence | null {
    if (this.ids.length >= Occurrences.MAX) return null;
    const occurrence = { id, reason };
    this.ids.push(occurrence);
    return occurrence;
  }

  addUnknown(word: string, reason: Reason | null): void {
    if (this.unknownWords.length < Occurrences.MAX) this.unknownWords.push({ word, reason });
  }
}
