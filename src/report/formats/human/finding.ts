import type { FixStep } from '../../../advice/advise.ts';
import { describeRetry } from '../../describe-retry.ts';
import type { ReportFinding } from '../../report.ts';
import { hang, shellLine } from '../../wrap.ts';
import type { RenderOptions } from '../renderer.ts';

/** Most evidence lines without --verbose. */
const MAX_EVIDENCE = 6;

/** One finding in full: its cause, evidence, fix, and the command that verifies the fix. */
export function findingLines(finding: ReportFinding, options: RenderOptions): string[] {
  const { colour, width, verbose } = options;
  const isFailure = finding.severity === 'fail';
  const tag = isFailure ? 'FAIL' : 'WARN';
  const subject = finding.subject === null ? '' : ` ${finding.subject}`;
  const [first = '', ...more] = hang(`${tag}  `, `${finding.id}${subject}: ${finding.title}`, width);
  const strong = isFailure ? colour.red.bold : colour.yellow.bold;
  const labelled = (label: string, text: string): string[] => hang(label.padEnd(10), text, width);
  const shown = verbose ? finding.evidence : finding.evidence.slice(0, MAX_EVIDENCE);
  const hidden = finding.evidence.length - shown.length;
  return [
    strong(first),
    ...more.map((line) => strong(line)),
    ...labelled('Cause', finding.meaning),
    ...labelled('Impact', finding.impact),
    ...(finding.docsNote === null ? [] : labelled('Note', finding.docsNote)),
    ...shown.flatMap((line, index) => labelled(index === 0 ? 'Evidence' : '', `- ${line}`)),
    ...(hidden > 0 ? labelled('', `${hidden} more with --verbose`) : []),
    ...finding.fix.flatMap((step, index) => stepLines(step, index, options)),
    ...(finding.verify.length > 0 ? [colour.bold(`${'Verify'.padEnd(10)}$ ${shellLine(finding.verify)}`)] : []),
    ...labelled('Retry', describeRetry(finding.retry)),
    ...labelled('Docs', finding.docs),
  ];
}

function stepLines(step: FixStep, index: number, { width, colour }: RenderOptions): string[] {
  const label = `${index === 0 ? 'Fix'.padEnd(6) : ' '.repeat(6)}${index + 1}.  `;
  const isDestructive = step.effect === 'destructive';
  const lines = hang(label, `${step.why}${tagsOf(step)}`, width);
  const body =
    step.run === null
      ? hang(' '.repeat(10), step.do ?? '', width)
      : // A command is one line of any length, so that it can be copied.
        [colour.bold(`${' '.repeat(10)}$ ${shellLine(step.run)}`)];
  const note = step.note === null ? [] : hang(' '.repeat(10), step.note, width).map((line) => colour.dim(line));
  return [...lines.map((line) => (isDestructive ? colour.red(line) : line)), ...body, ...note];
}

/** The tags of a step: what it does, where, and with which right. Prose that changes nothing has none. */
function tagsOf({ run, effect, on, needs }: FixStep): string {
  if (run === null && effect === 'read') return '';
  const where = on === 'operator' ? '' : `${/manifest|zone/.test(on) ? 'in' : 'on'} ${on}`;
  return ` (${[EFFECTS[effect], where, describeRight(needs)].filter((tag) => tag !== '').join(', ')})`;
}

const EFFECTS = {
  read: 'changes nothing',
  restart: 'restarts it',
  write: 'changes it',
  destructive: 'DESTROYS DATA',
} as const;

function describeRight(needs: FixStep['needs']): string {
  if (needs === 'none') return '';
  if (needs === 'root') return 'as root';
  return needs === 'token' ? 'with a token' : `in group ${needs.slice('group-'.length)}`;
}
