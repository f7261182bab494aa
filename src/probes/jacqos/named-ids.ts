import type { Id } from '../../catalog/generated/ids.ts';
import type { Finding } from '../../engine/finding.ts';
import type { Outcome } from '../../engine/outcome.ts';
import type { Health } from './health.ts';
import type { ReportedOutput } from './jacqos-probe.ts';
import type { Reason } from './reader/keys.ts';
import type { CommandAnswer } from './run-jacqos.ts';
import type { RuntimeObservation } from './runtime-observation.ts';

/** The facts that may contain ids; a check passes those that it reads. */
export type IdSources = {
  readonly reported?: Outcome<ReportedOutput>;
  readonly readiness?: Outcome<CommandAnswer>;
  readonly status?: Outcome<CommandAnswer>;
  readonly observed?: Outcome<RuntimeObservation>;
  readonly planes?: Outcome<{ readonly planes: readonly Health[] }>;
  readonly cell?: Outcome<Health>;
};

/** The commands that a check reads under these names. */
type Command = 'readiness' | 'status';

/**
 * The ids that one source names, with the claim that evidence quotes; `failed` is the failed command that named them.
 */
type Statement = {
  readonly text: boolean;
  readonly failed: Command | null;
  readonly claim: string;
  readonly present: readonly string[];
  readonly mentioned: readonly { readonly id: string; readonly why: Reason }[];
};

/** What the sources say about the ids of one check, in their order; the output of the failed command comes first. */
export type NamedIds<I extends Id> = {
  readonly findings: readonly Finding<I, Command>[];
  /** Ids that are only mentioned, and ids that a measurement has refuted. */
  readonly notes: readonly string[];
};

/**
 * Selects the ids of one check from all sources. `refute` returns the measurement that contradicts an id, or null. It
 * is called only for an id that only the pasted text names.
 */
export function findNamedIds<const I extends Id>(
  finds: readonly I[],
  sources: IdSources,
  refute: (id: I) => string | null = () => null,
): NamedIds<I> {
  const statements = statementsOf(sources);
  const isOwn = (id: string): id is I => (finds as readonly string[]).includes(id);
  const statementsById = new Map<I, Statement[]>();
  for (const statement of statements)
    for (const id of statement.present.filter(isOwn))
      statementsById.set(id, [...(statementsById.get(id) ?? []), statement]);
  const findings: Finding<I, Command>[] = [];
  const notes: string[] = [];
  for (const [id, namedBy] of statementsById) {
    const refuted = namedBy.every(({ text }) => text) ? refute(id) : null;
    if (refuted !== null) notes.push(`${id} was reported and is over: ${refuted}`);
    else {
      // The id that made a command fail also explains why the command reported nothing else.
      const explains = namedBy.flatMap(({ failed }) => failed ?? []);
      findings.push({ id, subject: null, evidence: namedBy.map(({ claim }) => `${claim} ${id}`), explains });
    }
  }
  // `no_active_evaluator: false` only says that the fault is absent.
  for (const statement of statements)
    for (const { id, why } of statement.mentioned)
      if (isOwn(id) && !statementsById.has(id) && why !== 'false')
        notes.push(`${statement.claim} ${id}, ${REASON_TEXT[why]}: it is not counted`);
  return { findings, notes };
}

/** Whether the pasted text names any of these ids as present. */
export function isReported(reported: Outcome<ReportedOutput> | undefined, ids: readonly string[]): boolean {
  return reported?.kind === 'value' && reported.value.present.some((id) => ids.includes(id));
}

const REASON_TEXT: { readonly [R in Reason]: string } = {
  history: 'as something of the past',
  resolved: 'as over',
  documentation: 'in an explanation of ids',
  name: 'as a name',
  count: 'as a count',
  false: 'as false',
  prose: 'in a description of another id',
  data: 'in user data',
  'past-run': 'as the last failure of a command that has not failed',
};

function statementsOf({ reported, readiness, status, observed, planes, cell }: IdSources): readonly Statement[] {
  const command = (outcome: Outcome<CommandAnswer> | undefined, name: Command): Statement[] => {
    if (outcome?.kind !== 'value') return [];
    const { code, reading } = outcome.value;
    const { present, mentioned } = reading;
    const claim = `jacqos cloud ${name} --json (${code === null ? 'ended' : `exit ${code}`}) names`;
    return [{ text: false, failed: code === 0 ? null : name, claim, present, mentioned }];
  };
  const measured = { text: false, failed: null } as const;
  const health = (source: Health): Statement[] =>
    source.kind === 'answer' ? [{ ...measured, claim: `${source.asked} (${source.status}) names`, ...source.ids }] : [];
  const text = reported?.kind === 'value' ? [reported.value] : [];
  const answer = observed?.kind === 'value' ? [observed.value] : [];
  return [
    ...text.map((source) => ({ ...measured, text: true, claim: "the failed command's output names", ...source })),
    ...(planes?.kind === 'value' ? planes.value.planes.flatMap(health) : []),
    ...(cell?.kind === 'value' ? health(cell.value) : []),
    ...command(readiness, 'readiness'),
    ...command(status, 'status'),
    ...answer.map(({ asked, status, present }) => ({
      ...measured,
      claim: `${asked} (${status}) names`,
      present,
      mentioned: [],
    })),
  ];
}
