import type { ChalkInstance } from 'chalk';
import { rangeText } from '../advice/release-range.ts';
import type { Entry, Step, Topic } from '../catalog/entry.ts';
import { describeRetry } from './describe-retry.ts';
import { hang, shellLine, wrap } from './wrap.ts';

/** The layout of an explanation. */
export type ExplainLook = {
  readonly width: number;
  readonly colour: ChalkInstance;
  /** The words with which the user called this program. */
  readonly command: readonly string[];
};

const CAUGHT = {
  live: 'a check of the doctor finds it',
  planned: 'no check of the doctor finds it yet',
  'from-text': 'only the output of the failed command shows it (--from)',
  'explain-only': 'no check of the doctor reports it',
} as const;

/**
 * Everything that is known about an id. Steps are shown for every cause, with their placeholders, because there is no
 * host to resolve them for.
 */
export function explainEntry(entry: Entry, look: ExplainLook): string {
  const labelled = (label: string, text: string): string[] => hang(label.padEnd(10), text, look.width);
  const follows = entry.symptomOf.length > 0 ? labelled('Follows', `often from ${entry.symptomOf.join(', ')}`) : [];
  const caught =
    entry.caught.why === null ? CAUGHT[entry.caught.how] : `${CAUGHT[entry.caught.how]}: ${entry.caught.why}`;
  const lines = [
    ...wrap(`${entry.id}: ${entry.title}`, look.width).map((line) => look.colour.bold(line)),
    ...labelled('Cause', entry.meaning),
    ...labelled('Impact', entry.impact),
    ...(entry.scope === null ? [] : labelled('Scope', entry.scope)),
    ...(entry.differs === null ? [] : labelled('Note', entry.differs)),
    ...entry.fix.flatMap((step, index) => stepLines(step, index, look)),
    ...(entry.verify === null ? [] : labelled('Verify', verifyLine(entry.verify, look.command))),
    ...labelled('Retry', describeRetry(entry.retry)),
    ...follows,
    ...entry.notToBeConfusedWith.flatMap((other) => labelled('Not', `${other.id}: ${other.because}`)),
    ...labelled('Caught', caught),
    ...labelled('Docs', entry.docs),
  ];
  return `${lines.join('\n')}\n`;
}

function verifyLine({ only, flags }: NonNullable<Entry['verify']>, command: readonly string[]): string {
  return `$ ${shellLine([...command, '--only', only, ...flags])}`;
}

function stepLines(step: Step, index: number, { width, colour }: ExplainLook): string[] {
  const only = step.for.length > 0 ? ` [if ${step.for.join(', ')}]` : '';
  const range = rangeText(step);
  const releases = range === null ? '' : ` [${range}]`;
  const danger = step.effect === 'destructive' ? ' DESTROYS DATA' : '';
  const label = `${index === 0 ? 'Fix'.padEnd(6) : ' '.repeat(6)}${index + 1}.  `.slice(0, 10);
  return [
    ...hang(label, `${open(step.why)}${only}${releases}${danger}`, width),
    ...(step.run === null
      ? hang(' '.repeat(10), open(step.do ?? ''), width)
      : [colour.bold(`${' '.repeat(10)}$ ${commandLine(step.run)}`)]),
    ...(step.note === null ? [] : hang(' '.repeat(10), open(step.note), width)),
  ];
}

/** A command as a shell takes it, but with bare placeholders for the reader to fill in. */
function commandLine(argv: readonly string[]): string {
  return argv.map((word) => (open(word) === word ? shellLine([word]) : open(word))).join(' ');
}

/** Writes `{leader_name}` as `<leader-name>`, which readers expect. */
function open(text: string): string {
  return text.replace(/\{([a-z_]+)\}/g, (_, name: string) => `<${name.replaceAll('_', '-')}>`);
}

/** Everything that is known about a heading, a state or an audit event of the published pages. */
export function explainTopic(topic: Topic, { width, colour }: ExplainLook): string {
  const written = topic.written === false ? hang('          ', 'The daemon never writes it.', width) : [];
  const ids = topic.ids.length > 0 ? hang('See       ', topic.ids.join(', '), width) : [];
  return `${[
    ...wrap(`${topic.name} (${topic.kind.replaceAll('-', ' ')})`, width).map((line) => colour.bold(line)),
    ...hang('Meaning   ', topic.meaning, width),
    ...written,
    ...ids,
    ...hang('Docs      ', topic.docs, width),
  ].join('\n')}\n`;
}
