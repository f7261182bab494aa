import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jacqosDocumented } from '../../../../src/catalog/generated/ids.ts';
import { isDocumented, isShowable } from '../../../../src/probes/jacqos/reader/id-shape.ts';
import { readOutput } from '../../../../src/probes/jacqos/reader/read-output.ts';

// Words that say nothing about time, documentation, names or counts. No key is documented, so any may occur.
const NEUTRAL = 'a zz data result payload body item value account runtime response content inner x9 node part'.split(
  ' ',
);
const AGAINST = 'history previous audit receipts resolved catalogue documentation docs examples example counts'.split(
  ' ',
);
const RUNS = { numRuns: 300 };

const id = fc.constantFrom(...jacqosDocumented);
const key = fc.constantFrom(...NEUTRAL);
const filler = fc.oneof(
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.constantFrom('', 'shop', 'https://example.test', '42'),
);
/** A step down: the key of an object, or the position in an array, with neighbours before and after. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant('object' as const),
    key,
    before: fc.dictionary(key, filler, { maxKeys: 3 }),
    after: filler,
  }),
  fc.record({ kind: fc.constant('array' as const), before: fc.array(filler, { maxLength: 3 }), after: filler }),
);
const way = fc.array(step, { maxLength: 12 });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function wrapped(inner: unknown, steps: readonly Step[]): unknown {
  return steps.reduce<unknown>((below, one) => {
    if (one.kind === 'array') return [...one.before, below, one.after];
    const { [one.key]: _, ...before } = one.before;
    return { ...before, [one.key]: below, zz9: one.after };
  }, inner);
}

const layout = fc.constantFrom(
  (json: unknown) => JSON.stringify(json),
  (json: unknown) => JSON.stringify(json, null, 2),
  (json: unknown) => `working on it…\n${JSON.stringify(json)}\ndone\n`,
  (json: unknown) => `{"n":1}\n${JSON.stringify(json)}\n{"n":2}\n`,
  (json: unknown) => `step failed: ${JSON.stringify(json, null, 4)}`,
  (json: unknown) => JSON.stringify({ content: JSON.stringify(json) }),
);

test('an id is found under any keys, at any depth, in any layout', () => {
  fc.assert(
    fc.property(id, way, key, layout, (one, steps, last, lay) => {
      const text = lay(wrapped({ [last]: one }, steps));
      expect(readOutput(text, { failed: true }).present).toEqual([one]);
    }),
    RUNS,
  );
});

test('an id that is a key is found if its value means yes, and only seen if it means no', () => {
  fc.assert(
    fc.property(id, way, layout, fc.constantFrom(false, null, 0), (one, steps, lay, no) => {
      expect(readOutput(lay(wrapped({ [one]: true }, steps)), { failed: true }).present).toEqual([one]);
      const denied = readOutput(lay(wrapped({ [one]: no }, steps)), { failed: true });
      expect(denied).toMatchObject({ present: [], mentioned: [{ id: one }] });
    }),
    RUNS,
  );
});

test('an id below a word of the past, of documentation or of counting is seen but is not a finding', () => {
  fc.assert(
    fc.property(id, way, way, fc.constantFrom(...AGAINST), layout, (one, inside, outside, against, lay) => {
      const text = lay(wrapped({ [against]: wrapped({ code: one }, inside) }, outside));
      expect(readOutput(text, { failed: true })).toMatchObject({ present: [], mentioned: [{ id: one }] });
    }),
    RUNS,
  );
});

test('an object that is marked as over is not a finding, with the mark anywhere in it', () => {
  const mark = fc.constantFrom(
    { resolved: true },
    { cleared: true },
    { resolved_at: '2026-11-01T00:00:00Z' },
    { status: 'resolved' },
  );
  fc.assert(
    fc.property(id, way, way, mark, fc.boolean(), layout, (one, inside, outside, over, first, lay) => {
      const below = { code: wrapped(one, inside) };
      const text = lay(wrapped(first ? { ...over, ...below } : { ...below, ...over }, outside));
      expect(readOutput(text, { failed: true })).toMatchObject({ present: [], mentioned: [{ id: one }] });
    }),
    RUNS,
  );
});

test('several ids come in their order, each once', () => {
  fc.assert(
    fc.property(fc.array(id, { minLength: 1, maxLength: 12 }), layout, (ids, lay) => {
      const text = lay({ failures: ids.map((one) => ({ id: one })) });
      expect(readOutput(text, { failed: true }).present).toEqual([...new Set(ids)]);
    }),
    RUNS,
  );
});

test('an id in the forms of an error is found between any lines', () => {
  const line = fc.constantFrom('', 'uploading 40%', '  at step 3 of 9', 'lifecycle: active', 'ok', '---', 'took 3.1 s');
  const form = fc.constantFrom(
    (one: string) => `error[${one}]: it did not work`,
    (one: string) => `Error: ${one}: it did not work`,
    (one: string) => `${one}: it did not work`,
    (one: string) => `deploy stopped with ${one}`,
    (one: string) => `jacqos: ${one}`,
    (one: string) => one,
  );
  fc.assert(
    fc.property(fc.array(line), id, form, fc.array(line), (before, one, write, after) => {
      const text = [...before, write(one), ...after].join('\n');
      expect(readOutput(text, { failed: true }).present).toEqual([one]);
    }),
    RUNS,
  );
});

test('no word except an id is ever read as one', () => {
  const slip = fc.record({ one: id, at: fc.nat(40), kind: fc.constantFrom('drop', 'double', 'swap', 'upper', 'dash') });
  fc.assert(
    fc.property(slip, layout, ({ one, at, kind }, lay) => {
      const place = at % (one.length - 1);
      const [head, letter = '', rest] = [one.slice(0, place), one[place], one.slice(place + 1)];
      const word = {
        drop: head + rest,
        double: head + letter + letter + rest,
        swap: head + rest.slice(0, 1) + letter + rest.slice(1),
        upper: one.toUpperCase(),
        dash: one.replace('_', '-'),
      }[kind];
      fc.pre(word !== undefined && !isDocumented(word));
      const reading = readOutput(lay({ code: word }), { failed: true });
      expect(reading.present).toEqual([]);
    }),
    RUNS,
  );
});

test('for any input, only documented ids and printable words come out', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary' }),
    id,
    fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\n', '\u001b[', 'error[', 'resolved'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, failed) => {
      const reading = readOutput(pieces.join(''), { failed });
      for (const one of [...reading.present, ...reading.mentioned.map((mention) => mention.id)])
        expect(isDocumented(one)).toBe(true);
      for (const word of reading.unrecognised) expect(isShowable(word)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

// A reader that is not linear takes minutes for this; a linear one takes well under a second each, or some on a busy
// machine.
test('a megabyte of anything is read in linear time', () => {
  const hostile = [
    '{',
    '[',
    '{"',
    '["',
    '{"a":',
    '[1,',
    '"',
    '\\"',
    '{}',
    '{"a":1}\n',
    'a',
    '_',
    'a_',
    'no_active_evaluator ',
    'error[',
    ': ',
    '10:00',
    '- ',
    'resolved ',
    '\n',
    ' \n',
    "'",
    '{a:',
    'if ',
    'Error: x_y: ',
    '\u001b[31m',
    '[{"code":"',
    '{"error":{"id":"x_y","b":[',
    '{"status":"active",',
  ];
  for (const part of hostile) {
    const started = performance.now();
    readOutput(part.repeat(Math.ceil((1024 * 1024) / part.length)), { failed: true });
    expect(performance.now() - started, part).toBeLessThan(15_000);
  }
}, 180_000);
