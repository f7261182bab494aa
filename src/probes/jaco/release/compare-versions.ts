import { compareReleases } from './release.ts';
import { type NamedVersion, STAGES } from './version.ts';

/**
 * Builds of one base, oldest first. `near` may be before or after its release, so it has its own position between them.
 */
const KINDS = { before: 0, near: 1, release: 2, after: 3 } as const;

/** Higher than every number of a candidate. */
const MAX_CANDIDATE = 1_000_000;

/**
 * A total order of versions: below 0 if `a` is older, 0 only for builds that no version distinguishes. The text does
 * not count: `v0.3.9` and `0.3.9-1` of a package are equal.
 */
export function compareVersions(a: NamedVersion, b: NamedVersion): number {
  return compareReleases(a.base, b.base) || KINDS[a.kind] - KINDS[b.kind] || withinKind(a) - withinKind(b);
}

function withinKind(version: NamedVersion): number {
  switch (version.kind) {
    case 'before':
      return STAGES.indexOf(version.candidate.stage) * MAX_CANDIDATE + version.candidate.number;
    case 'after':
      return version.commits;
    case 'release':
      return version.modified ? 1 : 0;
    case 'near':
      return 0;
  }
}
