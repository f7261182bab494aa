import { compareVersions } from './compare-versions.ts';
import { includesRelease } from './includes-release.ts';
import { compareReleases, formatRelease, type Release } from './release.ts';
import type { Version } from './version.ts';

/** The visible features of a node's release; null: not seen (docs/jaco-daemon/releases.md#version-window). */
export type ReleaseFeatures = {
  /** As the leader, it lists the raft servers. */
  readonly listsServers: boolean | null;
  /** It has GetReplicas. */
  readonly listsReplicas: boolean | null;
  /** Deploy.Status names the host of a running replica. */
  readonly namesHosts: boolean | null;
};

type Window = Extract<Version, { readonly kind: 'window' }>;

/** The first release with each feature, and the last one without it; oldest first. */
const BOUNDS: readonly { readonly feature: keyof ReleaseFeatures; readonly first: Release; readonly last: Release }[] =
  [
    { feature: 'listsServers', first: [0, 2, 1], last: [0, 2, 0] },
    { feature: 'listsReplicas', first: [0, 3, 8], last: [0, 3, 7] },
    { feature: 'namesHosts', first: [0, 3, 9], last: [0, 3, 8] },
  ];

/** The releases that show these features. */
export function releaseWindow(features: ReleaseFeatures): Window {
  const has = BOUNDS.findLast(({ feature }) => features[feature] === true);
  const lacks = BOUNDS.find(({ feature }) => features[feature] === false);
  return { kind: 'window', oldest: has?.first ?? null, newest: lacks?.last ?? null };
}

/** A window in words. It is never a version. */
export function formatWindow({ oldest, newest }: Window): string {
  if (oldest === null) return newest === null ? 'not known' : `${formatRelease(newest)} or earlier`;
  if (newest !== null && compareReleases(oldest, newest) === 0) return `like ${formatRelease(oldest)}`;
  return newest === null ? `${formatRelease(oldest)} or later` : `${formatRelease(oldest)} to ${formatRelease(newest)}`;
}

/** A build in a sentence: jacod v0.3.5, or jacod v0.2.0 or earlier. */
export function versionName(version: Version): string {
  if (version.kind === 'window') return `jacod ${formatWindow(version)}`;
  return version.kind === 'unknown' ? 'this jacod' : `jacod ${version.text}`;
}

/** Whether two builds are surely from different releases. */
export function areDifferentReleases(a: Version, b: Version): boolean {
  if (a.kind === 'unknown' || b.kind === 'unknown') return false;
  if (a.kind === 'window') return b.kind === 'window' ? isBefore(a, b) || isBefore(b, a) : isOutside(b, a);
  return b.kind === 'window' ? isOutside(a, b) : compareVersions(a, b) !== 0;
}

function isBefore({ newest }: Window, { oldest }: Window): boolean {
  return newest !== null && oldest !== null && compareReleases(newest, oldest) < 0;
}

function isOutside(
  version: Exclude<Version, Window | { readonly kind: 'unknown' }>,
  { oldest, newest }: Window,
): boolean {
  if (oldest !== null && includesRelease(version, oldest) === 'no') return true;
  // A candidate of the next release may lack the features of that release.
  const isLater = newest !== null && compareReleases(version.base, newest) > 0;
  return isLater && (version.kind === 'release' || version.kind === 'after');
}
