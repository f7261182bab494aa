// The changelog of the packages, made from CHANGELOG.md.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The releases of CHANGELOG.md up to `version`, newest first: version, date (YYYY-MM-DD) and changes, one line each.
 * What is not released yet is left out. Throws if `version` has no heading with a date.
 */
export function releases(version) {
  const [, ...sections] = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/^## /m);
  const all = sections.flatMap((section) => {
    const heading = /^\[([\d.]+)\] - (\d{4}-\d\d-\d\d)\n/.exec(section);
    if (heading === null) return [];
    const changes = [...section.matchAll(/^- (.*(?:\n {2}.*)*)/gm)].map(([, text]) => text.replaceAll(/\n\s+/g, ' '));
    return [{ version: heading[1], date: heading[2], changes }];
  });
  const start = all.findIndex((release) => release.version === version);
  if (start === -1) throw new Error(`CHANGELOG.md has no heading "## [${version}] - DATE"`);
  return all.slice(start);
}

/** The releases in the form that nfpm reads. JSON is YAML. */
export function packageChangelog(version, packager) {
  const entries = releases(version).map((release) => ({
    semver: `${release.version}-1`,
    date: `${release.date}T00:00:00Z`,
    packager,
    deb: { urgency: 'medium', distributions: ['stable'] },
    changes: release.changes.map((note) => ({ note: folded(note) })),
  }));
  return JSON.stringify(entries, null, 1);
}

/** Debian's changelogs have lines of 80 columns at most. */
const folded = (text) =>
  text
    .match(/.{1,74}(?: |$)|\S+/g)
    .map((line) => line.trimEnd())
    .join('\n    ');
