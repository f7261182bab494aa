/** A published release of JACO, `v0.3.9`: major, minor, patch. */
export type Release = readonly [major: number, minor: number, patch: number];

const NUMBER = '(0|[1-9]\\d{0,8})';
const RELEASE = new RegExp(`^v?${NUMBER}\\.${NUMBER}\\.${NUMBER}$`);

/** Parses the name of a release, with or without `v`; null for anything else. */
export function parseRelease(name: string): Release | null {
  const match = RELEASE.exec(name);
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Below 0 if `a` is older than `b`, above 0 if it is newer. */
export function compareReleases(a: Release, b: Release): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** The release in JACO's notation. */
export function formatRelease([major, minor, patch]: Release): string {
  return `v${major}.${minor}.${patch}`;
}

/** Whether one release, by name, is older than another. */
export function isOlder(name: string, other: string): boolean {
  const [a, b] = [parseRelease(name), parseRelease(other)];
  return a !== null && b !== null && compareReleases(a, b) < 0;
}
