import type { Reason } from './keys.ts';
import type { DocumentedId } from './shape.ts';

/** One place where an id stands; without a reason against it, it is what is wrong now. */
export type Sighting = {
  readonly id: DocumentedId;
  reason: Reason | null;
};

/** A word in an error's place that no page knows. */
export type Stranger = { readonly word: string; readonly reason: Reason | null };

/** What was met so far, in the order in which it stands in the text. */
export class Sightings {
  readonly ids: Sighting[] = [];
  readonly strangers: Stranger[] = [];

  /** Places kept, at most: a text of nothing but ids says no more after so many. */
  static readonly MOST = 5_000;

  see(id: DocumentedId, reason: Reason | null): Sighting | null {
    if (this.ids.length >= Sightings.MOST) return null;
    const sighting = { id, reason };
    this.ids.push(sighting);
    return sighting;
  }

  meet(word: string, reason: Reason | null): void {
    if (this.strangers.length < Sightings.MOST) this.strangers.push({ word, reason });
  }
}
