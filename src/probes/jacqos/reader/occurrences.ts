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
  ids: Occurrence[] = [];
  readonly unknownWords: UnknownWord[] = [];
  /** The ids that are wrong now, when no more occurrences are kept; null while there is room. */
  #full: Set<DocumentedId> | null = null;

  /** Most occurrences that are kept. */
  static readonly MAX = 50_000;

  addId(id: DocumentedId, reason: Reason | null): Occurrence {
    if (this.#full === null && this.ids.length >= Occurrences.MAX) this.#dropRepeated();
    const occurrence = { id, reason };
    if (this.#full?.has(id) !== true) this.ids.push(occurrence);
    this.#full?.add(id);
    return occurrence;
  }

  addUnknown(word: string, reason: Reason | null): void {
    if (this.unknownWords.length < Occurrences.MAX) this.unknownWords.push({ word, reason });
  }

  /**
   * Drops repetitions of an earlier occurrence, so that many resolved rows do not displace the id that is wrong now.
   */
  #dropRepeated(): void {
    const seen = new Set<string>();
    this.ids = this.ids.filter(({ id, reason }) => {
      if (reason === null || reason === 'past-run') return true;
      const pair = `${id} ${reason}`;
      return !seen.has(pair) && seen.add(pair);
    });
    if (this.ids.length > Occurrences.MAX / 2)
      this.#full = new Set(this.ids.filter(({ reason }) => reason === null).map(({ id }) => id));
  }
}
