import type { Release } from './release.ts';

/**
 * What a version says about the source that a jacod was built from (docs/jaco-daemon/releases.md#versions). `base` is the
 * release that the version is named after.
 *
 * - `release`: that release. `modified`: with local changes, of which nothing is known.
 * - `before`: a candidate of that release. It holds what earlier releases brought; of this one it may hold a part.
 * - `after`: a build of the source after that release, by `git describe`. What it holds of later ones is not known.
 * - `near`: a suffix without a known meaning. It may be a build before or after that release.
 * - `window`: seen through features, without a version. Null: no bound on that side.
 * - `unknown`: no version, such as `dev` or a bare commit.
 */
export type Version =
  | { readonly kind: 'release'; readonly text: string; readonly base: Release; readonly modified: boolean }
  | { readonly kind: 'before'; readonly text: string; readonly base: Release; readonly candidate: Candidate }
  | { readonly kind: 'after'; readonly text: string; readonly base: Release; readonly commits: number }
  | { readonly kind: 'near'; readonly text: string; readonly base: Release }
  | { readonly kind: 'window'; readonly oldest: Release | null; readonly newest: Release | null }
  | { readonly kind: 'unknown'; readonly text: string };

/** Which candidate of a release: `rc2` is `{stage: 'rc', number: 2}`; without a number it is 0. */
export type Candidate = { readonly stage: (typeof STAGES)[number]; readonly number: number };

/** The stages of candidates, first to last. */
export const STAGES = ['alpha', 'beta', 'pre', 'rc'] as const;

/** A version that names a release. */
export type NamedVersion = Extract<Version, { readonly base: Release }>;
