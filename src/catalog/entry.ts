import * as v from 'valibot';

/**
 * The format of the catalogue: one schema, which the build checks and the types are inferred from. A file of a catalogue is a
 * list of entries; topics.yaml is a list of topics. Fields that are left out become null or empty.
 */
const text = v.pipe(v.string('write a text'), v.trim(), v.nonEmpty('write a text that is not empty'));
const oneOf = <const T extends readonly string[]>(...allowed: T) =>
  v.picklist(allowed, ({ input }) => `"${input}" is not known; use one of ${allowed.join(', ')}`);
const argv = v.pipe(v.array(text, 'write the command as a list of words'), v.nonEmpty('write the command'));
const snakeCase = v.pipe(
  text,
  v.regex(/^[a-z][a-z0-9_]*$/, ({ input }) => `"${input}" is no name; use small letters, digits and _`),
);
const listOf = <T extends v.GenericSchema>(item: T) => v.optional(v.array(item, 'write a list'), []);
const orNull = <T extends v.GenericSchema>(field: T) => v.optional(v.nullable(field), null);
const tag = v.pipe(
  text,
  v.regex(/^v\d+\.\d+\.\d+$/, ({ input }) => `"${input}" is no release; write vX.Y.Z`),
);
const page = v.pipe(
  text,
  v.regex(
    /^(docs\/|https:\/\/)\S+$/,
    ({ input }) => `"${input}" is no page; write docs/PAGE.md#ANCHOR or an https address`,
  ),
);

/** One step of a fix: a command as argv without sudo, or prose where there is no command. */
const step = v.pipe(
  v.strictObject({
    why: text,
    /** Never a shell line. It may hold `{placeholders}`, as every text of a step may. */
    run: orNull(argv),
    do: orNull(text),
    /** What the step does. A `destructive` one comes last, and is withheld while it could do harm. */
    effect: oneOf('read', 'restart', 'write', 'destructive'),
    /** Where it is run. */
    on: oneOf(
      'affected-node',
      'leader',
      'any-node',
      'each-node',
      'other-node',
      'operator',
      'registry',
      'dns-zone',
      'network',
      'app',
    ),
    needs: oneOf('root', 'group-jaco', 'token', 'nobody'),
    note: orNull(text),
    /** Printed only for findings with one of these causes of the entry; empty: for all. */
    for: listOf(text),
    /**
     * When the step may be printed. All must hold; one that is not known does not hold. `leader` a leader is known · `systemd`
     * booted this host · `no-raft-state` raft/log.db was looked for and is absent · `raft-state` it is there.
     */
    when: listOf(oneOf('leader', 'no-leader', 'systemd', 'no-systemd', 'raft-state', 'no-raft-state')),
    /**
     * The first and the last release of JACO on which the step works; null: no limit. The step is left out on another release. If the
     * release is not known, the step is printed with the limit.
     */
    since: orNull(tag),
    until: orNull(tag),
  }),
  v.check(({ run, do: prose }) => (run === null) !== (prose === null), 'a step has either run or do'),
);

/** Only `transient` may end a run with the exit code of a retry; `after` says when the retry makes sense. */
const retry = v.variant(
  'kind',
  [
    v.strictObject({ kind: v.literal('transient'), after: text }),
    v.strictObject({ kind: v.picklist(['no', 'after-fix', 'redo', 'wait']) }),
  ],
  'write {kind: no}, after-fix, redo, wait, or {kind: transient, after: TIME}',
);

const CAUGHT = ['live', 'planned', 'from-text', 'explain-only'] as const;

/**
 * How the doctor detects an id: `live` a check finds it on a host or cluster · `planned` no check finds it yet · `from-text` only
 * the output of a failed command shows it · `explain-only` never, and `why` says why. The word alone stands for `{how: WORD}`.
 */
const caught = v.pipe(
  v.union(
    [
      v.pipe(
        v.picklist(CAUGHT),
        v.transform((how) => ({ how, why: null })),
      ),
      v.strictObject({ how: v.picklist(CAUGHT), why: orNull(text) }),
    ],
    `write one of ${CAUGHT.join(', ')}, or {how, why}`,
  ),
  v.check(({ how, why }) => how !== 'explain-only' || why !== null, 'explain-only needs a why'),
);

/** What is known of one id. */
export const entrySchema = v.pipe(
  v.strictObject({
    /** Never used again for another fault; never holds a host, path or count. */
    id: snakeCase,
    title: text,
    /**
     * What people call this fault, and what the wire, the browser, Docker, Go and the habits of other tools say of it. `explain`
     * finds the id by these words; no report prints them.
     */
    also_known_as: listOf(text),
    /** How bad a finding is. `none`: normal, or never found by a check. */
    severity: oneOf('fail', 'warn', 'none'),
    /** Where the id comes from: documentation of the product, its source only, or this program. */
    origin: oneOf('jaco-docs', 'jacqos-docs', 'jaco-source', 'doctor'),
    /** Which step of the product's own triage order failed. */
    scope: orNull(text),
    /** What is wrong, in our words. */
    meaning: text,
    /** What still works and what does not. */
    impact: text,
    /** Where the published page and the daemon differ: both, in a sentence or two. */
    differs: orNull(text),
    /** The distinct ways in which a check finds this id. A finding names at most one, and gets the steps that are for it. */
    causes: listOf(
      v.pipe(
        text,
        v.regex(/^[a-z][a-z0-9-]*$/, ({ input }) => `"${input}" is no cause; use small letters, digits and -`),
      ),
    ),
    /** Placeholders that the finding fills, beside those of the whole catalogue. */
    values: listOf(snakeCase),
    /** What to do, in order. */
    fix: listOf(step),
    /** What to give --only in order to see whether the fix helped, and the flags without which the check would not look there. */
    verify: orNull(v.strictObject({ only: text, flags: listOf(text) })),
    retry,
    /** Causes after which trying again helps only once the fix is done, whatever `retry` says of the others. */
    retry_after_fix: listOf(text),
    docs: page,
    /** Ids this one usually follows from, if one of them is found too. */
    symptom_of: listOf(snakeCase),
    /** Ids that are easily taken for this one, with what tells them apart. */
    not_to_be_confused_with: listOf(v.strictObject({ id: snakeCase, because: text })),
    caught,
  }),
  v.forward(
    v.check(({ fix }) => {
      const first = fix.findIndex(({ effect }) => effect === 'destructive');
      return first === -1 || fix.slice(first).every(({ effect }) => effect === 'destructive');
    }, 'a destructive step comes last; move it down'),
    ['fix'],
  ),
  v.forward(
    v.check(
      ({ caught: { how }, severity }) => how !== 'explain-only' || severity === 'none',
      'an id that is only explained has severity none',
    ),
    ['severity'],
  ),
  v.forward(
    v.check(({ causes, retry_after_fix }) => retry_after_fix.every((cause) => causes.includes(cause)), 'no such cause'),
    ['retry_after_fix'],
  ),
  v.check(
    ({ caught: { how }, verify }) => (how === 'live') === (verify !== null),
    'verify names a check exactly if the id is caught live',
  ),
  v.transform(({ also_known_as, retry_after_fix, symptom_of, not_to_be_confused_with, ...rest }) => ({
    ...rest,
    alsoKnownAs: also_known_as,
    retryAfterFix: retry_after_fix,
    symptomOf: symptom_of,
    notToBeConfusedWith: not_to_be_confused_with,
  })),
);

/** Something the pages name that is no id: a heading, a state, an audit event. It is explained, and leads to ids. */
export const topicSchema = v.strictObject({
  kind: oneOf(
    'heading',
    'replica-state',
    'deployment-status',
    'node-status',
    'rollout-state',
    'audit-event',
    'statement',
  ),
  /** As the page writes it. */
  name: text,
  meaning: text,
  /** Whether the daemon ever writes it (states and events); null for headings. */
  written: orNull(v.boolean('write true or false')),
  ids: listOf(snakeCase),
  docs: page,
});

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

export type Entry = DeepReadonly<Omit<v.InferOutput<typeof entrySchema>, 'alsoKnownAs'>>;
export type Topic = DeepReadonly<v.InferOutput<typeof topicSchema>>;
export type Step = Entry['fix'][number];
export type Condition = Step['when'][number];
export type Severity = Entry['severity'];
export type Retry = Entry['retry'];
export type Caught = Entry['caught'];
