import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Id, severityOf } from '../../src/catalog/generated/ids.ts';
import type { Check } from '../../src/engine/check.ts';
import { derivedOutcome, inputsOf } from '../../src/engine/derived-outcome.ts';
import { judgeRun } from '../../src/engine/judge-run.ts';
import type { NextStep } from '../../src/engine/next-step.ts';
import { type Failure, type FailureWhy, notApplicable, type Outcome, value } from '../../src/engine/outcome.ts';
import type { RunLocation } from '../../src/engine/probe.ts';
import type { Product } from '../../src/engine/product.ts';
import type { Row } from '../../src/engine/row.ts';
import type { RunFacts } from '../../src/engine/run-facts.ts';
import { transitiveSources } from '../../src/engine/selection.ts';
import type { Recording } from '../../src/record/recording.ts';

/** The facts of a scene by the name of the probe. A probe without a fact is not applicable. */
export type Given = { readonly [probe: string]: Outcome };

/** `now` is the run's clock, ms since the epoch. */
export type SceneOptions = { readonly now: number; readonly mode?: RunLocation };

/** A product with only the checks of these groups, in its order and with its owners. */
export function onlyGroups(product: Product, ...groups: readonly string[]): Product {
  return { ...product, order: product.order.filter(({ check }) => groups.includes(check.group)) };
}

/** A failure of a probe that is its own root. */
export function failure(root: string, why: FailureWhy, phase: string, detail: string): Failure {
  return { why, phase, detail, root };
}

/** Whether a scene gives an outcome instead of a fact. */
export function isOutcome(given: object): given is Outcome {
  return 'kind' in given && ['value', 'failed', 'not-applicable'].includes(String(given.kind));
}

/** The outcome of a probe in a scene, from an outcome, a failure, or a fact. */
export function outcomeOf(given: unknown): Outcome {
  if (typeof given === 'object' && given !== null) {
    if (isOutcome(given)) return given;
    if ('why' in given && 'phase' in given && 'root' in given) return { kind: 'failed', failure: given as Failure };
  }
  return value(given as never);
}

/**
 * The facts of a run in which the probes had these outcomes. Derived facts are computed, so they are tested with the
 * checks.
 */
function factsOf(product: Product, given: Given, { now, mode = 'node' }: SceneOptions): RunFacts {
  const facts = new Map<string, { outcome: Outcome; startedMs: number; endedMs: number }>();
  for (const { check } of product.order)
    for (const source of transitiveSources(check.needs)) {
      const inputs = inputsOf(source, mode, (name) => facts.get(name)?.outcome as Outcome);
      const known = given[source.name];
      // A probe whose needs failed has that failure, as in a run, even if the scene gives it a fact.
      const outcome =
        known !== undefined
          ? inputs.kind === 'settled' && inputs.outcome.kind === 'failed'
            ? inputs.outcome
            : known
          : source.kind === 'derived'
            ? derivedOutcome(source, inputs, now)
            : notApplicable(`the scene has no ${source.name}`);
      facts.set(source.name, { outcome, startedMs: 0, endedMs: 0 });
    }
  const unread = Object.keys(given).filter((name) => !facts.has(name));
  if (unread.length > 0) throw new Error(`no check of this scene reads ${unread.join(', ')}`);
  return facts;
}

const GOLDEN = fileURLToPath(new URL('../golden/checks/', import.meta.url));

const foundIds = new Set<Id>();
const judgedRows: { readonly scene: string; readonly row: Row }[] = [];

/** Judges every check of a product over a scene: one row each, by the check's name. */
export function judgeFacts(product: Product, given: Given, options: SceneOptions): { readonly [check: string]: Row } {
  const { now, mode = 'node' } = options;
  const rows = judgeRun(product, factsOf(product, given, options), {
    mode,
    now,
    selection: { only: [], skip: [] },
    severityOf: (id) => severityOf[id],
  });
  for (const { findings } of rows) for (const { id } of findings) foundIds.add(id);
  const scene = expect.getState().currentTestName ?? '';
  judgedRows.push(...rows.map((row) => ({ scene, row })));
  return Object.fromEntries(rows.map((row) => [row.name, row]));
}

/**
 * The last tests of a check's file. Each id that the check declares was found in a scene of the file, and all texts of
 * the check in these scenes match the golden file. The golden file needs all scenes, so a run of some of them cannot
 * match it.
 */
export function idsAndTextsArePinned(product: Product['name'], { name, finds }: Check): void {
  test(`${name} finds every id that it declares`, () => {
    expect(finds.filter((id) => !foundIds.has(id))).toEqual([]);
  });

  test(`${name} uses the words of its golden file`, async () => {
    const texts = new Map<string, Set<string>>();
    for (const { scene, row } of judgedRows)
      if (row.name === name) texts.set(scene, (texts.get(scene) ?? new Set()).add(textOf(row)));
    const golden = [...texts].map(([scene, rows]) => `# ${scene}\n\n${[...rows].join('\n')}`).join('\n');
    await expect(golden).toMatchFileSnapshot(`${GOLDEN}${product}/${name}.txt`);
  });
}

/** Most findings of a row in a golden file: further ones say the same about other subjects. */
const SHOWN = 5;

/** A row and all its texts, including those in its steps, one line each. */
function textOf(whole: Row): string {
  const row = { ...whole, findings: whole.findings.slice(0, SHOWN) };
  const hidden = whole.findings.length - row.findings.length;
  const lines = [
    brief(row) + (hidden > 0 ? ` and ${hidden} more` : ''),
    ...(row.reason === null ? [] : [`  reason: ${row.reason}`]),
    ...(row.next === null ? [] : [`  next: ${stepText(row.next)}`]),
    ...row.findings.flatMap(({ id, evidence, values = {}, title, meaning, impact }) => [
      ...Object.entries({ title, meaning, impact }).flatMap(([name, text]) =>
        text === undefined ? [] : [`  ${id}, ${name}: ${text}`],
      ),
      ...evidence.map((text) => `  ${id}: ${text}`),
      ...Object.entries(values).map(([name, text]) => `  ${id}, ${name}: ${text}`),
    ]),
    ...row.evidence.map((text) => `  evidence: ${text}`),
    ...row.notes.map((text) => `  note: ${text}`),
    ...row.notJudged.flatMap(({ subject, reason, next }) => [
      `  not judged: ${subject}: ${reason}`,
      ...(next === null ? [] : [`    next: ${stepText(next)}`]),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

/** A next step as data, in one line. */
function stepText({ kind, ...more }: NextStep): string {
  return [kind, ...Object.values(more).map((one) => (Array.isArray(one) ? one.join(' ') : String(one)))].join(' ');
}

/** A row in short: its status, what blocks it, and each id with its cause and subject. */
export function brief(row: Row | undefined): string {
  if (row === undefined) return 'no such row';
  const found = row.findings.map(
    ({ id, cause, subject, severity }) =>
      `${severity ? `${severity} ` : ''}${id}${cause ? `:${cause}` : ''}${subject ? ` ${subject}` : ''}`,
  );
  return [row.status, ...(row.blockedBy === null ? [] : [`by ${row.blockedBy}`]), ...found].join(' ');
}

/**
 * Every row of a run with a finding or without a judgement, in short, by the check's name. Blocked rows follow from
 * them.
 */
export function troublesOf(product: Product, recording: Recording): { readonly [check: string]: string } {
  const rows = judgeRun(product, recording.facts, { ...recording, severityOf: (id) => severityOf[id] });
  const troubled = rows.filter(({ status }) => ['fail', 'warn', 'unknown'].includes(status));
  return Object.fromEntries(troubled.map((row) => [row.name, brief(row)]));
}

/** All texts of a row, as one text. */
export function words(row: Row | undefined): string {
  return [
    row?.reason ?? '',
    ...(row?.evidence ?? []),
    ...(row?.notes ?? []),
    ...(row?.findings.flatMap(({ evidence, title = '', meaning = '', impact = '' }) => [
      title,
      meaning,
      impact,
      ...evidence,
    ]) ?? []),
    ...(row?.notJudged.map(({ subject, reason }) => `${subject}: ${reason}`) ?? []),
  ].join('\n');
}

/** The host's own words (names, paths, numbers, error texts) that no text of the row contains as whole words. */
export function unquoted(row: Row | undefined, ...quoted: readonly string[]): readonly string[] {
  const said = words(row);
  return quoted.filter((word) => {
    const literal = word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    return !new RegExp(`(?<!\\w)${literal}(?!\\w)`).test(said);
  });
}
