import { releaseData } from '../../../catalog/generated/releases.ts';
import type { Situation } from '../../../engine/situation.ts';
import { includesRelease } from './includes-release.ts';
import { parseRelease } from './release.ts';
import type { Version } from './version.ts';

/** The known releases that a build includes, newest first. */
export function includedReleases(version: Version): Situation['releases'] {
  return releaseData.releases.map(({ tag }) => {
    const release = parseRelease(tag);
    return { tag, included: release === null ? 'unknown' : includesRelease(version, release) };
  });
}
