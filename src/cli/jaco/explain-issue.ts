import type { Explanation } from '../../report/explanation.ts';
import { UsageError } from '../usage-error.ts';

const NUMBER = /^(?:issue\s*)?#?(\d{1,6})$/i;
const ALL = /^known[\s_-]issues$/i;

/** The explanation of a known issue of JACO, or of all of them. Null if the words do not ask for a known issue. */
export async function explainIssue(query: string): Promise<Explanation | null> {
  const number = NUMBER.exec(query.trim())?.[1];
  if (number === undefined && !ALL.test(query.trim())) return null;
  const { releaseData } = await import('../../catalog/generated/releases.ts');
  const { asOf, releases, traps, issues } = releaseData;
  const named = issues.filter(({ issue, also }) => number === undefined || [issue, ...also].includes(Number(number)));
  if (named.length === 0)
    throw new UsageError(`explain: no known issue has the number ${number} (explain known issues lists them)`);
  return { kind: 'issues', issues: named, known: { asOf, releases, traps } };
}
