import type { ChalkInstance } from 'chalk';
import type { KnownIssue, ReleaseData } from '../catalog/releases-schema.ts';
import { fit, hang } from './wrap.ts';

type Look = { readonly width: number; readonly colour: ChalkInstance };

/** Every release with its issues, newest first, and then each issue. */
export function releasesText(data: ReleaseData, look: Look): string {
  const { asOf, releases, issues } = data;
  const tagWidth = Math.max(...releases.map(({ tag }) => tag.length));
  const dateWidth = 10;
  const indent = ' '.repeat(tagWidth + dateWidth + 4);
  const listed = releases.flatMap(({ tag, date, brought }) => {
    const own = issues.filter((issue) => hasIssue(issue, tag, releases));
    const known =
      own.length === 0
        ? 'no known issue that a later release fixes'
        : `known issues: ${own.map(({ issue }) => `#${issue}`).join(' ')}`;
    return [
      ...hang(
        `${look.colour.bold(tag.padEnd(tagWidth))}  ${date}  `,
        brought,
        look.width + look.colour.bold('').length,
      ),
      ...hang(indent, known, look.width),
    ];
  });
  return `${[
    ...hang('', `Releases that this doctor knows, newest first. The data is of ${asOf}.`, look.width),
    '',
    ...listed,
    '',
    issueList(issues, look).trimEnd(),
  ].join('\n')}\n`;
}

/** Every known issue, one line each. */
export function issueList(issues: readonly KnownIssue[], { width, colour }: Look): string {
  return `${[
    colour.bold(fit('Known issues, the last fixed first. explain NUMBER describes one:', width)),
    ...issues.map(({ issue, fixed, title }) => fit(`#${String(issue).padEnd(3)}  fixed in ${fixed}  ${title}`, width)),
  ].join('\n')}\n`;
}

const DECIDES = {
  node: 'the release of the daemon on the node where it is seen',
  leader: 'the release of the leader',
  object: 'the release that made the object; an upgrade does not change it',
} as const;

/** Everything that is known about one issue. */
export function issueText(
  issue: KnownIssue,
  { releases, traps }: Omit<ReleaseData, 'issues'>,
  { width, colour }: Look,
): string {
  const labelled = (label: string, text: string): readonly string[] => hang(label.padEnd(12), text, width);
  const affected = releases.filter(({ tag }) => hasIssue(issue, tag, releases)).map(({ tag }) => tag);
  const range = affected.length === 1 ? affected[0] : `${affected.at(-1)} to ${affected[0]}`;
  const also = issue.also.length === 0 ? '' : ` (also ${issue.also.map((number) => `#${number}`).join(', ')})`;
  const date = releases.find(({ tag }) => tag === issue.fixed)?.date ?? '';
  const broken = traps.filter(({ before }) => !isBefore(issue.fixed, before, releases)).map(({ breaks }) => breaks);
  return `${[
    ...hang('', colour.bold(`#${issue.issue}${also}: ${issue.title}`), width),
    ...labelled('affected', range ?? 'no release'),
    ...labelled('fixed', `${issue.fixed}, ${date}`),
    ...labelled(
      'known',
      issue.reproduced.length === 0
        ? 'from the source; not reproduced'
        : `reproduced on ${issue.reproduced.join(', ')}`,
    ),
    ...(issue.kind === 'recognised'
      ? [
          ...labelled('caught', `by the check known-issues, as a ${issue.severity === 'warn' ? 'warning' : 'failure'}`),
          ...labelled('decided by', DECIDES[issue.decides]),
          ...(issue.symptoms.length === 0 ? [] : labelled('leads to', issue.symptoms.join(', '))),
        ]
      : labelled('caught', `never: ${issue.unseen}`)),
    ...labelled('workaround', issue.workaround ?? 'none is known'),
    ...broken.flatMap((text, index) => labelled(index === 0 ? 'upgrade' : '', text)),
  ].join('\n')}\n`;
}

/** Whether a release has an issue, by the order of the list. */
export function hasIssue({ since, fixed }: KnownIssue, tag: string, releases: ReleaseData['releases']): boolean {
  return isBefore(tag, fixed, releases) && (since === null || !isBefore(tag, since, releases));
}

function isBefore(tag: string, other: string, releases: ReleaseData['releases']): boolean {
  const at = (name: string): number => releases.findIndex((one) => one.tag === name);
  return at(tag) > at(other);
}
