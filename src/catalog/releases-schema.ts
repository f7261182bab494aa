import * as v from 'valibot';

/**
 * The format of releases.yaml: the releases of JACO and their known issues. The build validates it; the types are
 * inferred from it. A release is written as its git tag.
 */
const text = v.pipe(v.string('write a text'), v.trim(), v.nonEmpty('write a text that is not empty'));
const tag = v.pipe(
  text,
  v.regex(/^v\d+\.\d+\.\d+$/, ({ input }) => `"${input}" is not a release; write vX.Y.Z`),
);
const day = v.pipe(
  text,
  v.regex(/^\d{4}-\d\d-\d\d$/, ({ input }) => `"${input}" is not a date; write YYYY-MM-DD`),
);
const issueNumber = v.pipe(v.number('write the number of the issue'), v.integer(), v.minValue(1));
const orNull = <T extends v.GenericSchema>(field: T) => v.optional(v.nullable(field), null);
const list = <T extends v.GenericSchema>(item: T) => v.array(item, 'write a list');

/** The fields of every issue. */
const common = {
  issue: issueNumber,
  /** Further numbers of the same fault. */
  also: v.optional(list(issueNumber), []),
  /** The symptom that the user sees. */
  title: text,
  /** The first release with the fault; left out if every release before `fixed` has it. */
  since: orNull(tag),
  /** The first release without it. */
  fixed: tag,
  /** What helps without an upgrade. */
  workaround: orNull(text),
  /** Releases on which the fault was reproduced with a real daemon; empty if it is known from the source only. */
  reproduced: list(tag),
};

/** An issue that the doctor recognises by a signature. */
const recognised = v.pipe(
  v.strictObject({
    ...common,
    /**
     * Whose release decides: that of the daemon on this node, that of the leader, or none, because an object keeps the
     * fault when the daemon is upgraded.
     */
    decides: v.picklist(['node', 'leader', 'object'], 'write node, leader or object'),
    /** A name of checks/jaco/known-issues/signatures.ts. */
    signature: v.pipe(text, v.regex(/^[a-z][a-z0-9-]*$/, 'use small letters, digits and -')),
    /** `warn`: nothing is broken, for example only noise in the log. */
    severity: v.picklist(['fail', 'warn'], 'write fail or warn'),
    /** Ids of other checks that follow from the fault. */
    symptoms: list(text),
  }),
  v.transform((issue) => ({ ...issue, kind: 'recognised' as const })),
);

/** An issue that is only listed. */
const listed = v.pipe(
  v.strictObject({
    ...common,
    /** Why the doctor does not recognise it. */
    unseen: text,
  }),
  v.transform((issue) => ({ ...issue, kind: 'listed' as const })),
);

export const releasesSchema = v.pipe(
  v.strictObject({
    as_of: day,
    /** Newest first. */
    releases: list(v.strictObject({ tag, date: day, brought: text })),
    /** What an upgrade from a release before `before` breaks. */
    traps: list(v.strictObject({ before: tag, breaks: text })),
    issues: list(v.union([recognised, listed], 'write either signature, decides, severity and symptoms, or unseen')),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const { at, message } of [
      ...disorder(dataset.value),
      ...unknownTags(dataset.value),
      ...twice(dataset.value),
    ]) {
      const [first, ...rest] = at;
      const item = (key: unknown) => ({ type: 'unknown', origin: 'value', input: at, key, value: null }) as const;
      addIssue({ message, path: [item(first), ...rest.map(item)] });
    }
  }),
  v.transform(({ as_of, ...rest }) => ({ ...rest, asOf: as_of })),
);

type Written = {
  readonly releases: readonly { readonly tag: string }[];
  readonly traps: readonly { readonly before: string }[];
  readonly issues: readonly {
    readonly issue: number;
    readonly also: readonly number[];
    readonly since: string | null;
    readonly fixed: string;
    readonly reproduced: readonly string[];
  }[];
};
type Complaint = { readonly at: readonly [string, number, string]; readonly message: string };

/** Three digits a part are enough to compare releases of this list. */
const rank = (name: string): number =>
  name
    .slice(1)
    .split('.')
    .reduce((sum, part) => sum * 1_000 + Number(part), 0);

function disorder({ releases }: Written): readonly Complaint[] {
  return releases.flatMap(({ tag }, index) => {
    const newer = releases[index - 1]?.tag;
    return newer === undefined || rank(newer) > rank(tag)
      ? []
      : [{ at: ['releases', index, 'tag'], message: `${tag} is not older than ${newer}; the newest comes first` }];
  });
}

function unknownTags({ releases, issues, traps }: Written): readonly Complaint[] {
  const known = new Set(releases.map(({ tag }) => tag));
  const unknown = (kind: string, index: number, field: string, names: readonly (string | null)[]): Complaint[] =>
    names
      .filter((name) => name !== null && !known.has(name))
      .map((name) => ({ at: [kind, index, field], message: `${name} is not in releases; add it` }));
  return [
    ...traps.flatMap(({ before }, index) => unknown('traps', index, 'before', [before])),
    ...issues.flatMap(({ since, fixed, reproduced }, index) => [
      ...unknown('issues', index, 'since', [since]),
      ...unknown('issues', index, 'fixed', [fixed]),
      ...unknown('issues', index, 'reproduced', reproduced),
      ...reproduced
        .filter((name) => rank(name) >= rank(fixed) || (since !== null && rank(name) < rank(since)))
        .map((name): Complaint => {
          return { at: ['issues', index, 'reproduced'], message: `${name} is outside the affected range; correct one` };
        }),
    ]),
  ];
}

function twice({ issues }: Written): readonly Complaint[] {
  const first = new Map<number, number>();
  return issues.flatMap(({ issue, also }, index) =>
    [issue, ...also].flatMap((number): Complaint[] => {
      const earlier = first.get(number) ?? index;
      first.set(number, earlier);
      return earlier === index
        ? []
        : [{ at: ['issues', index, 'issue'], message: `#${number} exists twice; keep one` }];
    }),
  );
}

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

type Parsed = DeepReadonly<v.InferOutput<typeof releasesSchema>>;
type ParsedIssue = Parsed['issues'][number];

/** An issue with a signature; the names of signatures and ids are those of the file. */
export type RecognisedIssue<Signature extends string = string, Symptom extends string = string> = Omit<
  Extract<ParsedIssue, { readonly kind: 'recognised' }>,
  'signature' | 'symptoms'
> & { readonly signature: Signature; readonly symptoms: readonly Symptom[] };

/** All known releases and issues. */
export type ReleaseData<Signature extends string = string, Symptom extends string = string> = Omit<Parsed, 'issues'> & {
  readonly issues: readonly (RecognisedIssue<Signature, Symptom> | Extract<ParsedIssue, { readonly kind: 'listed' }>)[];
};

/** One known issue, recognised or only listed. */
export type KnownIssue = ReleaseData['issues'][number];
