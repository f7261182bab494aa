import type { Release } from './release.ts';

/**
 * What a version shows about the source of a jacod build (docs/jaco-daemon/releases.md#versions). `base` is the release
 * in the version's name.
 * - `release`: that release. `modified`: with unknown local changes.
 * - `before`: a candidate of that release. It includes earlier releases, and possibly a part of this one.
 * - `after`: a build of the source after that release, by `git describe`. Which later changes it includes is unknown.
 * - `near`: a suffix with an unknown meaning. It may be a build before or after that release.
 * - `window`: inferred from features, without a version. Null: no bound on that side.
 * - `unknown`: no version, such as `dev` or a bare commit.
 */
export type Version =
  | { readonly kind: 'release'; readonly text: string; readonly base: Release; readonly modified: boolean }
  | { readonly kind: 'before'; readonly text: string; readonly base: Release; readonly candidate: Candidate }
  | { readonly kind: 'after'; readonly text: string; readonly base: Release; readonly commits: number }
  | { readonly kind: 'near'; readonly text: string; readonly base: Release }
  | { readonly kind: 'window'; readonly oldest: Release | null; readonly newest: Release | null }
  | { readonly kind: 'unknown'; readonly text: string };

/** The candidate of a release: `rc2` is `{stage: 'rc', number: 2}`; without a number it is 0. */
export type Candidate = { readonly stage: (typeof STAGES)[number]; readonly number: number };

/** The stages of candidates, first to last. */
export const STAGES = ['alpha', 'beta', 'pre', 'rc'] as const;

/** A version that names a release. */
export type NamedVersion = Extract<Version, { readonly base: Release }>;
