import type { ChalkInstance } from 'chalk';
import { rangeText } from '../advice/release-range.ts';
import type { Entry, Step, Topic } from '../catalog/entry-schema.ts';
import { describeRetry } from './describe-retry.ts';
import { describeRight } from './describe-right.ts';
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
  'from-text': 'the doctor recognizes it in the text of a failed command (--from)',
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
    ...entry.notToBeConfusedWith.flatMap((other) => labelled('Unlike', `${other.id}: ${other.because}`)),
    ...labelled('Caught', caught),
    ...(hasOpenParts(entry)
      ? labelled(
          'Hint',
          `Run ${look.command.join(' ')}: it prints only the steps that apply and fills in <values>.${entry.fix.some((step) => step.for.length > 0) ? ' [if X] marks a step that applies only to cause X.' : ''}`,
        )
      : []),
    ...labelled('Docs', entry.docs),
  ];
  return `${lines.join('\n')}\n`;
}

/** Where a step is run, if that is not the node with the fault or any machine. */
const PLACE: { readonly [on in Step['on']]?: string } = {
  leader: 'on the leader',
  'any-node': 'on any node',
  'each-node': 'on each node',
  'other-node': 'on that node',
  registry: 'at the registry',
  'dns-zone': 'in the DNS zone',
  network: 'on the network',
  app: "in the app's manifest",
};

/** What must hold for a step, in words. */
const CONDITION: Readonly<Record<Step['when'][number], string>> = {
  leader: 'with a leader',
  'no-leader': 'without a leader',
  systemd: 'with systemd',
  'no-systemd': 'without systemd',
  'raft-state': 'with raft state',
  'no-raft-state': 'without raft state',
};

/** Whether a step depends on what a run finds: on its cause, or on a value of this host. */
function hasOpenParts({ fix }: Entry): boolean {
  return fix.some(
    (step) =>
      step.for.length + step.when.length > 0 ||
      [...(step.run ?? []), step.do ?? '', step.why].some((text) => open(text) !== text),
  );
}

function verifyLine({ only, flags }: NonNullable<Entry['verify']>, command: readonly string[]): string {
  return `$ ${shellLine([...command, '--only', only, ...flags])}`;
}

function stepLines(step: Step, index: number, { width, colour }: ExplainLook): string[] {
  const only = step.for.length > 0 ? ` [if ${step.for.join(', ')}]` : '';
  const state = step.when.length > 0 ? ` [${step.when.map((condition) => CONDITION[condition]).join(', ')}]` : '';
  const range = rangeText(step);
  const releases = range === null ? '' : ` [${range}]`;
  const danger = step.effect === 'destructive' ? ' [DESTROYS DATA]' : '';
  const tags = [PLACE[step.on] ?? '', step.on === 'network' ? '' : describeRight(step.needs)].filter(
    (tag) => tag !== '',
  );
  const where = tags.length === 0 || (step.run === null && step.effect === 'read') ? '' : ` [${tags.join(', ')}]`;
  const label = `${index === 0 ? 'Fix'.padEnd(6) : ' '.repeat(6)}${index + 1}.  `.slice(0, 10);
  const note = step.note === null ? [] : hang(' '.repeat(10), open(step.note), width);
  const isPrompt = step.do?.startsWith('$ ') ?? false;
  const body =
    step.run !== null || isPrompt
      ? [colour.bold(`${' '.repeat(10)}${step.run === null ? open(step.do ?? '') : `$ ${commandLine(step.run)}`}`)]
      : hang(' '.repeat(10), open(step.do ?? ''), width);
  return [
    ...hang(label, `${open(step.why)}${where}${only}${state}${releases}${danger}`, width),
    ...(step.effect === 'read' ? [...body, ...note] : [...note, ...body]),
  ];
}

/** A command as a shell takes it. A placeholder for the reader to fill in stays without quotes, unless the word has others. */
function commandLine(argv: readonly string[]): string {
  return argv.map((word) => (/\s/.test(word) || open(word) === word ? shellLine([open(word)]) : open(word))).join(' ');
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
