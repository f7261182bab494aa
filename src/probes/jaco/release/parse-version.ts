import { parseRelease } from './release.ts';
import { STAGES, type Version } from './version.ts';

/** Longer texts are not a version. */
const MAX_LENGTH = 128;
const PARTS = /^v?(\d+\.\d+\.\d+)([-+~].*)?$/;
/**
 * `git describe`: commits since the tag. The packager writes `~` for the first `-`; build metadata has `.` for the
 * second.
 */
const DESCRIBED = /^[-+~](\d{1,6})[-.]g[0-9a-f]{4,40}$/;
const CANDIDATE = new RegExp(`^[-~](${STAGES.join('|')})[-.]?(\\d{0,6})(?:[-.+~]|$)`, 'i');
const DIRTY = /[-+.]dirty$/;
/** The revision of a package: Debian and RPM `-1`, `-1.el9`; Alpine `-r1`. */
const REVISION = /-(?:\d[\w.+~]*|r\d+)$/;
/** Builds without a tag have `0.0.0-dev` or `0.0.1-dev`. */
const UNTAGGED = /^0\.0\.(?:0|1.*dev)/;

/**
 * Parses a version from jacod, its journal or a package database. semver has another order: it puts the
 * `v0.3.8-7-g84caadb` of `git describe` before v0.3.8, and does not parse `0.3.9~rc1` and `1:0.3.9-1.el9`. Never
 * throws.
 */
export function parseVersion(given: string, from: 'binary' | 'package'): Version {
  const text = given.trim();
  const unknown: Version = { kind: 'unknown', text: text.slice(0, MAX_LENGTH) };
  if (text.length > MAX_LENGTH) return unknown;
  const upstream = from === 'package' ? withoutRevision(text.replace(/^\d+:/, '')) : text;
  const [, numbers = '', rest = ''] = PARTS.exec(upstream) ?? [];
  const base = parseRelease(numbers);
  if (base === null || UNTAGGED.test(`${numbers}${rest}`)) return unknown;
  const modified = DIRTY.test(rest);
  const suffix = rest.replace(DIRTY, '');
  if (suffix === '') return { kind: 'release', text, base, modified };
  const described = DESCRIBED.exec(suffix);
  if (described !== null) return { kind: 'after', text, base, commits: Number(described[1]) };
  const [, name = '', number] = CANDIDATE.exec(suffix) ?? [];
  const stage = STAGES.find((one) => one === name.toLowerCase());
  if (stage !== undefined) return { kind: 'before', text, base, candidate: { stage, number: Number(number) } };
  if (suffix.startsWith('+')) return { kind: 'release', text, base, modified: true };
  return { kind: 'near', text, base };
}

/** `-7-g84caadb` begins with a digit too, but is not a revision. */
function withoutRevision(text: string): string {
  return /[-~]\d+-g[0-9a-f]{4,40}$/.test(text) ? text : text.replace(REVISION, '');
}
