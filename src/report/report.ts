import * as v from 'valibot';
import { productNames } from '../catalog/generated/catalogs.ts';

/**
 * The report document, `doctor-report/1`: one schema, from which its types are inferred and report.schema.json is
 * generated. Fields are always present; they are null or empty if there is nothing to say. A run does not validate its
 * report against it.
 */
const id = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9_]*$/));
const line = v.pipe(v.string(), v.maxLength(500));
const lines = v.array(line);
const argv = v.array(v.string());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const textOrNull = v.nullable(v.string());
const described = <T extends v.GenericSchema>(schema: T, description: string) =>
  v.pipe(schema, v.description(description));

const step = v.strictObject({
  why: v.string(),
  run: described(v.nullable(argv), 'argv, never a shell string'),
  do: described(textOrNull, 'prose where no command exists'),
  effect: v.picklist(['read', 'restart', 'write', 'destructive']),
  on: v.string(),
  needs: v.picklist(['root', 'group-jaco', 'token', 'none']),
  note: textOrNull,
});

const nextStep = v.strictObject({
  do: described(v.string(), 'an instruction'),
  run: described(v.nullable(argv), 'the command that the instruction ends with'),
});

const finding = v.strictObject({
  id,
  severity: v.picklist(['fail', 'warn', 'none']),
  subject: textOrNull,
  title: v.string(),
  meaning: v.string(),
  impact: v.string(),
  docsNote: described(textOrNull, 'where the published page says something else'),
  evidence: lines,
  likelyFollowsFrom: v.nullable(id),
  fix: v.array(step),
  // The command that shows whether the fix helped; empty if there is none.
  verify: argv,
  retry: v.union([
    v.strictObject({ kind: v.picklist(['no', 'after-fix', 'redo', 'wait']) }),
    v.strictObject({ kind: v.literal('transient'), after: v.string() }),
  ]),
  docs: v.pipe(v.string(), v.regex(/^https:\/\//)),
  origin: v.picklist(['jaco-docs', 'jacqos-docs', 'jaco-source', 'doctor']),
  waiver: v.null(),
});

const check = v.strictObject({
  name: v.string(),
  group: v.string(),
  title: described(v.string(), 'a positive claim, true when the check passes'),
  status: v.picklist(['pass', 'warn', 'fail', 'unknown', 'blocked', 'not-applicable', 'skipped']),
  ms: described(count, 'when its facts were there, from the start of the run'),
  reason: textOrNull,
  next: described(v.nullable(nextStep), 'what would let an unknown check run'),
  blockedBy: v.nullable(id),
  notes: lines,
  evidence: lines,
  notJudged: v.array(
    v.strictObject({ subject: v.string(), reason: line, next: v.nullable(nextStep), blockedBy: v.nullable(id) }),
  ),
  findings: v.array(finding),
});

const report = v.strictObject({
  schema: v.literal('doctor-report/1'),
  product: v.picklist(productNames),
  tool: v.strictObject({ name: v.string(), version: v.string() }),
  target: v.strictObject({
    host: v.string(),
    mode: v.picklist(['node', 'remote']),
    via: described(textOrNull, 'how it was reached over the network, and whether verified; null on a node'),
    version: described(textOrNull, 'of the running daemon'),
    leader: textOrNull,
    leaderless: described(textOrNull, 'why no leader is named; null if one is, or if no cluster is joined'),
  }),
  startedAt: described(v.string(), 'ISO 8601, UTC'),
  durationMs: count,
  verdict: v.picklist(['pass', 'warn', 'fail', 'unknown']),
  first: described(v.nullable(id), 'the first failing id in the order of checks; null exactly when nothing failed'),
  exit: v.strictObject({ code: v.picklist([0, 1, 2, 3, 64, 70]), meaning: v.string() }),
  coverage: v.strictObject({
    checks: v.pipe(v.number(), v.integer(), v.minValue(1)),
    evaluated: count,
    unknown: count,
    blocked: count,
    notApplicable: count,
    skipped: count,
  }),
  ruledOut: described(v.array(v.string()), 'claims of the checks that passed'),
  checks: v.pipe(v.array(check), v.minLength(1)),
});

/** The parts of the document by the names that report.schema.json gives them. */
export const reportSchemas = { id, line, lines, argv, step, nextStep, finding, check, report };

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** The report document. */
export type Report = DeepReadonly<v.InferOutput<typeof report>>;

/** A check's row as every format shows it. */
export type ReportCheck = Report['checks'][number];

/** What would let an unknown check run, as every format shows it. */
export type ReportNextStep = NonNullable<ReportCheck['next']>;

/** A finding as every format shows it. */
export type ReportFinding = ReportCheck['findings'][number];
