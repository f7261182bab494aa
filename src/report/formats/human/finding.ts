import type { FixStep } from '../../../advice/advise.ts';
import { describeRetry } from '../../describe-retry.ts';
import { describeRight } from '../../describe-right.ts';
import type { ReportFinding } from '../../report.ts';
import { hang, shellLine } from '../../wrap.ts';
import type { RenderOptions } from '../renderer.ts';

/** Most evidence lines without --verbose. */
const MAX_EVIDENCE = 6;

/**
 * One finding in full: its cause, evidence, fix, and the command that verifies the fix. `exit` says that nothing failed, below a
 * warning that leads the report.
 */
export function findingLines(finding: ReportFinding, options: RenderOptions, exit: string | null = null): string[] {
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
    ...(exit === null ? [] : labelled('', exit)),
    ...labelled('Cause', finding.meaning),
    ...labelled('Impact', finding.impact),
    ...(finding.docsNote === null ? [] : labelled('Note', finding.docsNote)),
    ...shown.flatMap((line, index) => hang(`${(index === 0 ? 'Evidence' : '').padEnd(10)}- `, line, width)),
    ...(hidden > 0 ? labelled('', `${hidden} more with --verbose`) : []),
    ...finding.fix.flatMap((step, index) => stepLines(step, index, options)),
    ...(finding.verify.length > 0 ? [colour.bold(`${'Verify'.padEnd(10)}$ ${shellLine(finding.verify)}`)] : []),
    ...labelled('Retry', describeRetry(finding.retry)),
    ...labelled('Docs', finding.docs),
  ];
}

function stepLines(step: FixStep, index: number, { width, colour }: RenderOptions): string[] {
  const label = `${index === 0 ? 'Fix'.padEnd(6) : ' '.repeat(6)}${index + 1}.  `;
  const lines = hang(label, `${step.why}${tagsOf(step)}`, width);
  const command = commandOf(step);
  const body =
    command === null
      ? hang(' '.repeat(10), step.do ?? '', width)
      : // A command is one line of any length, so that it can be copied.
        [colour.bold(`${' '.repeat(10)}${command}`)];
  const note = step.note === null ? [] : hang(' '.repeat(10), step.note, width).map((line) => colour.dim(line));
  const paint = { read: null, write: null, restart: colour.yellow, destructive: colour.red }[step.effect];
  const title = paint === null ? lines : lines.map((line) => paint(line));
  // What is said of a read is about its output; of any other step, it is to be known before the command is run.
  return step.effect === 'read' ? [...title, ...body, ...note] : [...title, ...note, ...body];
}

/** The command of a step as a shell takes it. One with a shell variable is prose that begins with the prompt. */
function commandOf({ run, do: prose }: FixStep): string | null {
  if (run !== null) return `$ ${shellLine(run)}`;
  return prose?.startsWith('$ ') ? prose : null;
}

/** The tags of a step: what it does, where, and with which right. Prose that changes nothing has none. */
function tagsOf({ run, effect, on, needs }: FixStep): string {
  if (run === null && effect === 'read') return '';
  const where = on === 'operator' ? '' : `${/manifest|zone/.test(on) ? 'in' : 'on'} ${on}`;
  const tags = [describeEffect(run, effect), where, describeRight(needs)].filter((tag) => tag !== '');
  return tags.length === 0 ? '' : ` (${tags.join(', ')})`;
}

/** What a command does, with its object. Prose says that itself, unless data is lost. */
function describeEffect(run: FixStep['run'], effect: FixStep['effect']): string {
  if (effect === 'destructive') return 'DESTROYS DATA';
  if (run === null) return '';
  if (effect === 'read') return 'changes nothing';
  if (effect === 'write') return 'makes a change';
  const [program = '', verb, ...units] = run;
  if (program === 'kill') return 'sends a signal';
  const verbs: { readonly [verb: string]: string } = { restart: 'RESTARTS', start: 'starts' };
  return program === 'systemctl' ? `${verbs[verb ?? ''] ?? verb} ${units.join(', ')}` : '';
}
