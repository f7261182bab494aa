import type { Entry, Topic } from '../catalog/entry.ts';
import type { KnownIssue, ReleaseData } from '../catalog/releases-schema.ts';
import type { CheckDescription } from './check-description.ts';

/** What `explain` answers with. It is a document of its own in JSON: `doctor-explain/1`. */
export type Explanation =
  /** The id that was named or meant, or those of a command's output: in full, then further ones, and codes that are unknown. */
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
  /** A known issue of the product, or all of them, and the releases by which they are told. */
  | {
      readonly kind: 'issues';
      readonly issues: readonly KnownIssue[];
      readonly known: Omit<ReleaseData, 'issues'>;
    }
  /** What may have been meant, the likeliest first. */
  | { readonly kind: 'guesses'; readonly query: string; readonly guesses: readonly Guess[] }
  /** Every id. */
  | { readonly kind: 'all'; readonly ids: readonly Guess[] };

/** An id or the name of a topic, with one line about it. */
export type Guess = { readonly name: string; readonly title: string };
