import { releaseData } from '../../../src/catalog/generated/releases.ts';
import type { JudgedRelease } from '../../../src/probes/jaco/journal/running-release.ts';
import { affectedBy, isNewerThan } from '../../../src/probes/jaco/release/includes-release.ts';
import { formatRelease, parseRelease } from '../../../src/probes/jaco/release/release.ts';
import { versionName } from '../../../src/probes/jaco/release/release-window.ts';
import type { Version } from '../../../src/probes/jaco/release/version.ts';
import type { IssueVerdict } from './judge-issue.ts';

/** Notes on a release without signs of an issue: how many issues it has, or that this doctor does not know it. */
export function issueNotes(
  verdicts: readonly IssueVerdict[],
  { version, described }: JudgedRelease,
): readonly string[] {
  const [newest] = releaseData.releases;
  const release = newest === undefined ? null : parseRelease(newest.tag);
  if (newest !== undefined && release !== null && isNewerThan(version, release))
    return [
      `${described} is newer than this doctor knows: its data is of ${releaseData.asOf} and ends with ${newest.tag}, so issues of ${described} are not judged`,
    ];
  const ours = 'base' in version ? formatRelease(version.base) : null;
  const unlisted =
    ours !== null && !releaseData.releases.some(({ tag }) => tag === ours)
      ? [
          `${described} is not among the releases that this doctor knows, so its issues are those of the releases around it`,
        ]
      : [];
  return [...unlisted, ...latentNote(verdicts, version, listedIssues(version)), ...fixedNotes(verdicts)];
}

/** Issues of this version that leave no sign. */
function listedIssues(version: JudgedRelease['version']): number {
  return releaseData.issues.filter(
    (issue) =>
      issue.kind === 'listed' &&
      affectedBy(version, {
        since: issue.since === null ? null : parseRelease(issue.since),
        fixed: parseRelease(issue.fixed),
      }) === 'yes',
  ).length;
}

function latentNote(verdicts: readonly IssueVerdict[], version: Version, unseen: number): readonly string[] {
  const count = verdicts.filter(({ kind }) => kind === 'latent').length + unseen;
  if (count === 0) return [];
  return [
    `${versionName(version)} is old: later releases fix ${count} more known issues, of which no sign is seen. Plan an upgrade; jaco-doctor releases lists them.`,
  ];
}

/** Only if no other check reports the symptom. */
function fixedNotes(verdicts: readonly IssueVerdict[]): readonly string[] {
  return verdicts.flatMap((one) =>
    one.kind === 'fixed' && one.issue.symptoms.length === 0
      ? [
          `${one.issue.title}: the signs of issue #${one.issue.issue} are seen, but ${one.by.described} has the fix, so this is another fault`,
        ]
      : [],
  );
}
