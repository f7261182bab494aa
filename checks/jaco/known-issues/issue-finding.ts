import { releaseData } from '../../../src/catalog/generated/releases.ts';
import type { Finding } from '../../../src/engine/finding.ts';
import { includesRelease } from '../../../src/probes/jaco/release/includes-release.ts';
import { parseRelease } from '../../../src/probes/jaco/release/release.ts';
import { versionName } from '../../../src/probes/jaco/release/release-window.ts';
import type { Version } from '../../../src/probes/jaco/release/version.ts';
import type { IssueVerdict } from './judge-issue.ts';
import type { Sign } from './signature.ts';

/** Most signs of one issue that are shown. */
const MAX_SIGNS = 5;
/** Most signs whose impact is printed. */
const MAX_IMPACTS = 3;

/**
 * The finding of a known issue: the signs, the release, the workaround, and what the upgrade breaks. `waitReason` is
 * the reason against an upgrade now; null if there is none.
 */
export function issueFinding(
  { issue, signs, by }: Extract<IssueVerdict, { kind: 'seen' }>,
  node: string | null,
  waitReason: string | null,
): Finding<'known_issue', never> {
  const fixed = parseRelease(issue.fixed);
  const holds = fixed === null ? 'unknown' : includesRelease(by.version, fixed);
  const isInstalled = fixed !== null && by.installed !== null && includesRelease(by.installed, fixed) === 'yes';
  const cause = holds !== 'no' ? 'left-behind' : waitReason !== null ? 'not-now' : isInstalled ? 'restart' : 'upgrade';
  const more = signs.length - MAX_SIGNS;
  return {
    id: 'known_issue',
    subject: `#${issue.issue}`,
    ...(node === null ? {} : { node }),
    ...(issue.severity === 'warn' ? { severity: 'warn' } : {}),
    cause,
    title: issue.title,
    meaning:
      cause === 'left-behind'
        ? `An object that an earlier release made still has this bug, which ${issue.fixed} fixes for new objects.`
        : `${versionName(by.version)} has this bug. Release ${issue.fixed} fixes it.`,
    impact: impactOf(signs),
    evidence: [
      ...signs.slice(0, MAX_SIGNS).flatMap(({ evidence }) => evidence),
      ...(more > 0 ? [`and ${more} more`] : []),
      cause === 'left-behind'
        ? `${by.described} has the fix, but an object that an earlier release made keeps the fault`
        : `running: ${by.described}`,
      ...(issue.reproduced.length > 0 ? [] : ['the issue is known from the source of JACO; it was not reproduced']),
    ],
    values: {
      issue: [issue.issue, ...issue.also].map((number) => `#${number}`).join(', '),
      workaround: issue.workaround ?? 'No workaround is known.',
      fixed_in: issue.fixed,
      breaks: upgradeBreaks(by.version),
      ...(waitReason === null ? {} : { wait_reason: waitReason }),
    },
    leadsTo: issue.symptoms.flatMap((id) => signs.map(({ about }) => ({ id, subject: about }))),
  };
}

function impactOf(signs: readonly Sign[]): string {
  const shown = signs.slice(0, MAX_IMPACTS).flatMap(({ impact }) => impact ?? []);
  const more = signs.length - MAX_IMPACTS;
  if (shown.length === 0) return 'Only the log is affected.';
  return [...shown, ...(more > 0 ? [`${more} more are affected in the same way.`] : [])].join(' ');
}

/** What an upgrade from this version breaks, as one text. */
function upgradeBreaks(version: Version): string {
  const traps = releaseData.traps.filter(({ before }) => {
    const release = parseRelease(before);
    return release !== null && includesRelease(version, release) !== 'yes';
  });
  return traps.length === 0 ? 'This upgrade has no known side effect.' : traps.map(({ breaks }) => breaks).join(' ');
}
