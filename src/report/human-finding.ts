import type { FixStep } from '../advice/advise.ts';
import type { Retry } from '../catalog/entry.ts';
import type { HumanOptions } from './look.ts';
import type { ReportFinding } from './report.ts';
import { hang, shellLine } from './wrap.ts';

/** Evidence lines a person sees without --verbose, at most. */
const EVIDENCE = 6;

/** One finding in full: what it is, what proves it, how to mend it, how to see that it is mended. */
export function findingLines(finding: ReportFinding, look: HumanOptions): string[] {
  const { colour, width } = look;
  const fails = finding.severity === 'fail';
  const tag = fails ? 'FAIL' : 'WARN';
  const subject = finding.subject === null ? '' : ` ${finding.subject}`;
  const [first = '', ...more] = hang(`${tag}  `, `${finding.id}${subject}: ${finding.title}`, width);
  const strong = fails ? colour.red.bold : colour.yellow.bold;
  const labelled = (label: string, text: string): string[] => hang(label.padEnd(10), text, width);
  const shown = look.verbose ? finding.evidence : finding.evidence.slice(0, EVIDENCE);
  const hidden = finding.evidence.length - shown.length;
  return [
    strong(first),
    ...more.map((line) => strong(line)),
    ...labelled('meaning', finding.meaning),
    ...labelled('impact', finding.impact),
    ...(finding.differs === null ? [] : labelled('differs', finding.differs)),
    ...shown.flatMap((line, index) => labelled(index === 0 ? 'evidence' : '', `- ${line}`)),
    ...(hidden > 0 ? labelled('', `${hidden} more with --verbose`) : []),
    ...finding.fix.flatMap((step, index) => stepLines(step, index, look)),
    ...(finding.verify.length > 0 ? [colour.bold(`${'verify'.padEnd(10)}$ ${shellLine(finding.verify)}`)] : []),
    ...labelled('retry', retryWords(finding.retry)),
    ...labelled('docs', finding.docs),
  ];
}

function stepLines(step: FixStep, index: number, { width, colour }: HumanOptions): string[] {
  const label = `${index === 0 ? 'fix'.padEnd(6) : ' '.repeat(6)}${index + 1}.  `;
  const dangerous = step.effect === 'destructive';
  const lines = hang(label, `${step.why}${tagsOf(step)}`, width);
  const body =
    step.run === null
      ? hang(' '.repeat(10), step.do ?? '', width)
      : // A command is one line whatever its length: it is there to be copied.
        [colour.bold(`${' '.repeat(10)}$ ${shellLine(step.run)}`)];
  const note = step.note === null ? [] : hang(' '.repeat(10), step.note, width).map((line) => colour.dim(line));
  return [...lines.map((line) => (dangerous ? colour.red(line) : line)), ...body, ...note];
}

/** What a step does, where, and with which right. Prose that changes nothing is only read. */
function tagsOf({ run, effect, on, needs }: FixStep): string {
  if (run === null && effect === 'read') return '';
  const where = on === 'operator' ? '' : `on ${on}`;
  return ` (${[EFFECT[effect], where, NEEDS[needs]].filter((tag) => tag !== '').join(', ')})`;
}

const EFFECT = {
  read: 'changes nothing',
  restart: 'restarts it',
  write: 'changes it',
  destructive: 'DESTROYS DATA',
} as const;
const NEEDS = { root: 'as root', 'group-jaco': 'in group jaco', token: 'with a token', nobody: '' } as const;

/** Whether trying again can help, in words. */
export function retryWords(retry: Retry): string {
  switch (retry.kind) {
    case 'no':
      return 'does not help';
    case 'after-fix':
      return 'after the fix';
    case 'redo':
      return 'the failed step must be done again';
    case 'wait':
      return 'only something outside can clear it; wait for that';
    case 'transient':
      return `may pass by itself: try again after ${retry.after}`;
  }
}
