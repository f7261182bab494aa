import * as v from 'valibot';

/**
 * The format of the catalogue: one schema, from which the build validates it and the types are inferred. A file of a
 * catalogue is a list of entries; topics.yaml is a list of topics. A field that is left out becomes null or empty.
 */
const text = v.pipe(v.string('write a text'), v.trim(), v.nonEmpty('write a text that is not empty'));
const oneOf = <const T extends readonly string[]>(...allowed: T) =>
  v.picklist(allowed, ({ input }) => `"${input}" is not known; use one of ${allowed.join(', ')}`);
const argv = v.pipe(v.array(text, 'write the command as a list of words'), v.nonEmpty('write the command'));
const snakeCase = v.pipe(
  text,
  v.regex(/^[a-z][a-z0-9_]*$/, ({ input }) => `"${input}" is not a name; use small letters, digits and _`),
);
const listOf = <T extends v.GenericSchema>(item: T) => v.optional(v.array(item, 'write a list'), []);
const orNull = <T extends v.GenericSchema>(field: T) => v.optional(v.nullable(field), null);
const tag = v.pipe(
  text,
  v.regex(/^v\d+\.\d+\.\d+$/, ({ input }) => `"${input}" is not a release; write vX.Y.Z`),
);
const page = v.pipe(
  text,
  v.regex(
    /^(docs\/|https:\/\/)\S+$/,
    ({ input }) => `"${input}" is not a page; write docs/PAGE.md#ANCHOR or an https address`,
  ),
);

/** One step of a fix: a command as argv without sudo, or prose where there is no command. */
const step = v.pipe(
  v.strictObject({
    why: text,
    /** Never a shell line. Like every text of a step, it may contain `{placeholders}`. */
    run: orNull(argv),
    do: orNull(text),
    /** What the step does. A `destructive` step comes last, and is withheld while it could do harm. */
    effect: oneOf('read', 'restart', 'write', 'destructive'),
    /** Where to run it. */
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
    needs: oneOf('root', 'group-jaco', 'token', 'none'),
    note: orNull(text),
    /** The causes of the entry for which the step is printed; empty: for all. */
    for: listOf(text),
    /**
     * When the step may be printed. All conditions must hold; an unknown one does not hold. `leader` a leader is known
     * · `systemd` booted this host · `no-raft-state` raft/log.db was looked for and is absent · `raft-state` it exists.
     */
    when: listOf(oneOf('leader', 'no-leader', 'systemd', 'no-systemd', 'raft-state', 'no-raft-state')),
    /**
     * The first and the last release of JACO on which the step works; null: no limit. The step is left out on another
     * release. If the release is not known, the step is printed with the limit.
     */
    since: orNull(tag),
    until: orNull(tag),
  }),
  v.check(({ run, do: prose }) => (run === null) !== (prose === null), 'a step has either run or do'),
);

/** Only `transient` may end a run with the exit code of a retry; `after` says when a retry makes sense. */
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
 * How the doctor detects an id: `live` a check finds it on a host or cluster · `planned` no check finds it yet ·
 * `from-text` only the output of a failed command shows it · `explain-only` never, and `why` says why. A word alone is
 * short for `{how: WORD}`.
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

/** Everything that is known about one id. */
export const entrySchema = v.pipe(
  v.strictObject({
    /** Never reused for another fault; contains no host, path or count. */
    id: snakeCase,
    title: text,
    /**
     * Other names of this fault, and the words that the wire, the browser, Docker, Go and other tools use for it.
     * `explain` finds the id by these words; no report prints them.
     */
    also_known_as: listOf(text),
    /** The severity of a finding. `none`: normal, or never found by a check. */
    severity: oneOf('fail', 'warn', 'none'),
    /** The source of the id: documentation of the product, only its source code, or this program. */
    origin: oneOf('jaco-docs', 'jacqos-docs', 'jaco-source', 'doctor'),
    /** The step of the product's own triage order that failed. */
    scope: orNull(text),
    /** What is wrong, in our words. */
    meaning: text,
    /** What still works and what does not. */
    impact: text,
    /** Where the published page and the daemon differ, in a sentence or two about both. */
    differs: orNull(text),
    /** The distinct ways in which a check finds this id. A finding names at most one, and gets the steps for it. */
    causes: listOf(
      v.pipe(
        text,
        v.regex(/^[a-z][a-z0-9-]*$/, ({ input }) => `"${input}" is not a cause; use small letters, digits and -`),
      ),
    ),
    /** Placeholders that the finding fills, in addition to those of the whole catalogue. */
    values: listOf(snakeCase),
    /** The steps, in order. */
    fix: listOf(step),
    /**
     * The argument of --only that shows whether the fix helped, and the flags without which the check would not run.
     */
    verify: orNull(v.strictObject({ only: text, flags: listOf(text) })),
    retry,
    /** Causes for which a retry helps only after the fix, independent of `retry`. */
    retry_after_fix: listOf(text),
    docs: page,
    /** Ids that this one usually follows from, if one of them is found too. */
    symptom_of: listOf(snakeCase),
    /** Ids that are easily confused with this one, and the difference. */
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

/**
 * Something in the published pages that is not an id: a heading, a state, an audit event. `explain` describes it and
 * names the ids that it leads to.
 */
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
  /** The name as the page writes it. */
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
