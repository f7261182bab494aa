import { compareReleases, type Release } from './release.ts';
import type { Version } from './version.ts';

/** `no`: surely not. `unknown`: the version does not show it. */
export type Certainty = 'yes' | 'no' | 'unknown';

/** Whether a build includes a release. Local changes of a `-dirty` build are unknown, so its base counts. */
export function includesRelease(version: Version, release: Release): Certainty {
  switch (version.kind) {
    case 'unknown':
      return 'unknown';
    case 'window':
      if (version.oldest !== null && compareReleases(release, version.oldest) <= 0) return 'yes';
      return version.newest !== null && compareReleases(release, version.newest) > 0 ? 'no' : 'unknown';
    default: {
      const order = compareReleases(release, version.base);
      if (order < 0) return 'yes';
      if (order === 0) return version.kind === 'release' || version.kind === 'after' ? 'yes' : 'unknown';
      // A candidate precedes its release. A build after a release may include any part of later ones.
      return version.kind === 'release' || version.kind === 'before' ? 'no' : 'unknown';
    }
  }
}

/** The releases with a fault: from `since` (null: from the first) up to, but not including, `fixed` (null: all). */
export type AffectedRange = { readonly since: Release | null; readonly fixed: Release | null };

/** Whether a build has a fault of this range. */
export function affectedBy(version: Version, { since, fixed }: AffectedRange): Certainty {
  if (version.kind === 'unknown') return 'unknown';
  const begun = since === null ? 'yes' : includesRelease(version, since);
  const ended = fixed === null ? 'no' : includesRelease(version, fixed);
  if (begun === 'no' || ended === 'yes') return 'no';
  return begun === 'yes' && ended === 'no' ? 'yes' : 'unknown';
}

/** Whether a build is newer than the newest known release. Nothing is reported as fixed in such a build. */
export function isNewerThan(version: Version, newest: Release): boolean {
  switch (version.kind) {
    case 'unknown':
      return false;
    case 'window':
      return version.oldest !== null && compareReleases(version.oldest, newest) > 0;
    default: {
      const order = compareReleases(version.base, newest);
      return order > 0 || (order === 0 && version.kind === 'after');
    }
  }
}
