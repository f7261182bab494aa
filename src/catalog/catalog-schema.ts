import * as v from 'valibot';
import { type Entry, entrySchema, type Step, topicSchema } from './entry-schema.ts';

/** The index of a product's folder. */
export const indexSchema = v.strictObject({
  /** The base address of the relative pages of entries and topics. */
  docs: v.pipe(v.string(), v.regex(/^https:\/\/\S+\/$/, 'write an https address that ends in /')),
  /** Names that every step may contain as `{name}`, with their meaning. The run fills them. */
  placeholders: v.record(v.string(), v.string()),
  /** The files of the folder in their order, without .yaml. */
  files: v.array(v.string()),
});

/** A fault of a catalogue: the keys of its location, and what to do. */
type Complaint = { readonly at: readonly (string | number)[]; readonly remedy: string };

/** A whole catalogue: its entries, its topics, and the rules between them. */
export const catalogSchema = v.pipe(
  v.object({
    placeholders: v.array(v.string()),
    /** The known releases of the product, newest first; empty for a product without a list of them. */
    releases: v.array(v.string()),
    entries: v.array(entrySchema, 'write a list of entries'),
    topics: v.array(topicSchema, 'write a list of topics'),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    const { entries, topics, placeholders, releases } = dataset.value;
    const complaints = [
      ...repeated(entries),
      ...unknownIds(entries, topics),
      ...entries.flatMap((entry, index) =>
        [...causesOf(entry), ...placeholdersOf(entry, placeholders), ...rangesOf(entry, releases)].map((one) => ({
          ...one,
          at: ['entries', index, ...one.at],
        })),
      ),
    ];
    for (const { at, remedy } of complaints) {
      const [first = 'entries', ...rest] = at;
      const item = (key: unknown) =>
        ({ type: 'unknown', origin: 'value', input: dataset.value, key, value: null }) as const;
      addIssue({ message: remedy, path: [item(first), ...rest.map(item)] });
    }
  }),
);

function repeated(entries: readonly Entry[]): readonly Complaint[] {
  const first = new Map([...entries.entries()].reverse().map(([index, { id }]) => [id, index]));
  return entries.flatMap(({ id }, index) =>
    first.get(id) === index ? [] : [{ at: ['entries', index, 'id'], remedy: `"${id}" exists twice; keep one` }],
  );
}

function unknownIds(
  entries: readonly Entry[],
  topics: readonly { readonly ids: readonly string[] }[],
): readonly Complaint[] {
  const known = new Set(entries.map(({ id }) => id));
  const unknown = (at: Complaint['at'], ids: readonly string[]): readonly Complaint[] =>
    ids
      .filter((id) => !known.has(id))
      .map((id) => ({ at, remedy: `"${id}" is not an id of this catalogue; correct it` }));
  return [
    ...entries.flatMap(({ symptomOf, notToBeConfusedWith }, index) => [
      ...unknown(['entries', index, 'symptom_of'], symptomOf),
      ...unknown(
        ['entries', index, 'not_to_be_confused_with'],
        notToBeConfusedWith.map(({ id }) => id),
      ),
    ]),
    ...topics.flatMap(({ ids }, index) => unknown(['topics', index, 'ids'], ids)),
  ];
}

/** Each `for` of a step names causes of its entry, and each cause has a step. */
function causesOf({ causes, fix }: Entry): readonly Complaint[] {
  const foreign = fix.flatMap((step, index) =>
    step.for
      .filter((cause) => !causes.includes(cause))
      .map((cause) => ({
        at: ['fix', index, 'for'],
        remedy: `"${cause}" is not a cause of this id; add it to causes`,
      })),
  );
  const bare = causes
    .filter((cause) => !fix.some((step) => step.for.length === 0 || step.for.includes(cause)))
    .map((cause) => ({ at: ['causes'], remedy: `no step is for "${cause}"; write one` }));
  return [...foreign, ...bare];
}

/** Each placeholder in a step is filled by something, and each declared value is used. */
function placeholdersOf({ values, fix }: Entry, common: readonly string[]): readonly Complaint[] {
  const used = fix.map(namesIn);
  const unfilled = used.flatMap((names, index) =>
    names
      .filter((name) => !values.includes(name) && !common.includes(name))
      .map((name) => ({ at: ['fix', index], remedy: `nothing fills {${name}}; add it to values` })),
  );
  const idle = values
    .filter((name) => !used.flat().includes(name))
    .map((name) => ({ at: ['values'], remedy: `no step holds {${name}}; remove it` }));
  return [...unfilled, ...idle];
}

/** A range of releases begins and ends with known releases, in this order. */
function rangesOf({ fix }: Entry, releases: readonly string[]): readonly Complaint[] {
  return fix.flatMap(({ since, until }, index) => {
    const unknown = [since, until].find((release) => release !== null && !releases.includes(release));
    if (unknown !== undefined)
      return [
        { at: ['fix', index], remedy: `"${unknown}" is not a known release; correct it, or add it to releases.yaml` },
      ];
    const isReversed = since !== null && until !== null && releases.indexOf(since) < releases.indexOf(until);
    return isReversed ? [{ at: ['fix', index], remedy: `${until} is older than ${since}; correct one of them` }] : [];
  });
}

/** The placeholders of a step. `${…}` and Docker's `{{…}}` templates are not placeholders. */
function namesIn({ why, run, do: prose, note }: Step): readonly string[] {
  const texts = [why, prose ?? '', note ?? '', ...(run ?? [])];
  return texts.flatMap((text) => [...text.matchAll(/(?<!\$)\{([a-z_]+)\}/g)].map(([, name = '']) => name));
}
