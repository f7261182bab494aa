import { releaseData } from '../../catalog/generated/releases.ts';
import { hasIssue, releasesText } from '../../report/releases-text.ts';
import type { ListFlags } from '../list-flags.ts';
import { chalkFor, hasColour, listLayout } from '../terminal.ts';

/** The document of `releases`: the releases and known issues that this build knows; in JSON as `doctor-releases/1`. */
export function renderReleases({ format, 'no-color': noColour }: ListFlags): string {
  const { releases, issues } = releaseData;
  if (format === 'json') {
    const withIssues = releases.map((one) => ({
      ...one,
      issues: issues.filter((issue) => hasIssue(issue, one.tag, releases)).map(({ issue }) => issue),
    }));
    return `${JSON.stringify({ schema: 'doctor-releases/1', product: 'jaco', ...releaseData, releases: withIssues }, null, 2)}\n`;
  }
  return releasesText(releaseData, {
    width: listLayout(noColour, process.stdout, process.env).width,
    colour: chalkFor(hasColour(noColour ? 'never' : 'auto', process.stdout, process.env)),
  });
}
