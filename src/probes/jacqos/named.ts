import type { Id } from '../../catalog/generated/ids.ts';
import type { Finding } from '../../engine/finding.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { CommandAnswer } from './command.ts';
import type { Health } from './health.ts';
import type { FromText } from './io.ts';
import type { Observed } from './observe.ts';
import type { Reason } from './reader/keys.ts';

/** Where ids may be named; a check gives what it reads. */
export type Sources = {
  readonly reported?: Outcome<FromText>;
  readonly readiness?: Outcome<CommandAnswer>;
  readonly status?: Outcome<CommandAnswer>;
  readonly observed?: Outcome<Observed>;
  readonly planes?: Outcome<{ readonly planes: readonly Health[] }>;
  readonly cell?: Outcome<Health>;
};

/** The commands that a check reads under these names. */
type Command = 'readiness' | 'status';

/** One place's ids, with the words by which it is quoted; `failed` is the command that named them and failed. */
type Voice = {
  readonly text: boolean;
  readonly failed: Command | null;
  readonly says: string;
  readonly present: readonly string[];
  readonly mentioned: readonly { readonly id: string; readonly why: Reason }[];
};

/** What the sources say of the ids of one check, in the order in which they say it; the failed command's output first. */
export type Named<I extends string> = {
  readonly findings: readonly Finding<I, Command>[];
  /** Ids that only stand there, and those that a look has refuted. */
  readonly notes: readonly string[];
};

/**
 * Picks a check's own ids out of everything that was said. `over` refutes one that only the pasted text names: by saying what
 * was seen instead.
 */
export function namedIn<const I extends Id>(
  finds: readonly I[],
  sources: Sources,
  over: (id: I) => string | null = () => null,
): Named<I> {
  const voices = voicesOf(sources);
  const own = (id: string): id is I => (finds as readonly string[]).includes(id);
  const said = new Map<I, Voice[]>();
  for (const voice of voices)
    for (const id of voice.present.filter(own)) said.set(id, [...(said.get(id) ?? []), voice]);
  const findings: Finding<I, Command>[] = [];
  const notes: string[] = [];
  for (const [id, by] of said) {
    const refuted = by.every(({ text }) => text) ? over(id) : null;
    if (refuted !== null) notes.push(`${id} was reported and is over: ${refuted}`);
    else {
      // Why a command failed is also why nothing else was learnt from it.
      const explains = by.flatMap(({ failed }) => failed ?? []);
      findings.push({ id, subject: null, evidence: by.map(({ says }) => `${says} ${id}`), explains });
    }
  }
  // `no_active_evaluator: false` is no more than good news.
  for (const voice of voices)
    for (const { id, why } of voice.mentioned)
      if (own(id) && !said.has(id) && why !== 'false')
        notes.push(`${voice.says} ${id}, ${WHY[why]}: it is not counted`);
  return { findings, notes };
}

/** Whether the pasted text names any of these ids as present. */
export function isReported(reported: Outcome<FromText> | undefined, ids: readonly string[]): boolean {
  return reported?.kind === 'value' && reported.value.present.some((id) => ids.includes(id));
}

const WHY: { readonly [R in Reason]: string } = {
  history: 'as something of the past',
  resolved: 'as over',
  documentation: 'where it explains ids',
  name: 'as a name',
  count: 'as a count',
  false: 'as not so',
  prose: 'in the words about another id',
  data: 'in what users put in',
  'past-run': 'as the last failure of a command that has not failed',
};

function voicesOf({ reported, readiness, status, observed, planes, cell }: Sources): readonly Voice[] {
  const command = (outcome: Outcome<CommandAnswer> | undefined, name: Command): Voice[] => {
    if (outcome?.kind !== 'value') return [];
    const { code, reading } = outcome.value;
    const { present, mentioned } = reading;
    const says = `jacqos cloud ${name} --json (${code === null ? 'ended' : `exit ${code}`}) names`;
    return [{ text: false, failed: code === 0 ? null : name, says, present, mentioned }];
  };
  const seen = { text: false, failed: null } as const;
  const health = (one: Health): Voice[] =>
    one.kind === 'answer' ? [{ ...seen, says: `${one.asked} (${one.status}) names`, ...one.ids }] : [];
  const text = reported?.kind === 'value' ? [reported.value] : [];
  const answer = observed?.kind === 'value' ? [observed.value] : [];
  return [
    ...text.map((one) => ({ ...seen, text: true, says: "the failed command's output names", ...one })),
    ...(planes?.kind === 'value' ? planes.value.planes.flatMap(health) : []),
    ...(cell?.kind === 'value' ? health(cell.value) : []),
    ...command(readiness, 'readiness'),
    ...command(status, 'status'),
    ...answer.map(({ asked, status, present }) => ({
      ...seen,
      says: `${asked} (${status}) names`,
      present,
      mentioned: [],
    })),
  ];
}
