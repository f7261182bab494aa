import type { Entry, Topic } from '../catalog/entry-schema.ts';
import type { KnownIssue, ReleaseData } from '../catalog/releases-schema.ts';
import type { CheckDescription } from './check-description.ts';

/** The answer of `explain`. In JSON it is a document of its own schema: `doctor-explain/1`. */
export type Explanation =
  /**
   * The id that the query names or means, or the ids of a command's output: the first in full, then the names of
   * further ones, and unknown codes.
   */
  | {
      readonly kind: 'ids';
      readonly entries: readonly Entry[];
      readonly more: readonly string[];
      readonly unrecognised: readonly string[];
    }
  /** Headings, states or audit events of the published pages. */
  | { readonly kind: 'topics'; readonly topics: readonly Topic[] }
  /** A check, or all checks of a group. */
  | { readonly kind: 'checks'; readonly checks: readonly CheckDescription[] }
  /** A known issue of the product, or all of them, and the releases that have them. */
  | {
      readonly kind: 'issues';
      readonly issues: readonly KnownIssue[];
      readonly known: Omit<ReleaseData, 'issues'>;
    }
  /** Possible meanings, the most likely first. */
  | { readonly kind: 'guesses'; readonly query: string; readonly guesses: readonly Guess[] }
  /** Every id. */
  | { readonly kind: 'all'; readonly ids: readonly Guess[] };

/** An id or the name of a topic, with one line about it. */
export type Guess = { readonly name: string; readonly title: string };
