import { describe, expect, test } from 'vitest';
import { readOutput } from '../../../src/probes/jacqos/reader/read.ts';
import { type MadeUp, mentions, present, strangers } from './made-up.ts';

function conclude({ text, failed = true }: Pick<MadeUp, 'text'> & { failed?: boolean }) {
  const reading = readOutput(text, { failed });
  return {
    present: reading.present,
    mentioned: reading.mentioned.map(({ id }) => id),
    unrecognised: reading.unrecognised,
  };
}

describe.each([
  ['an id that is wrong now', present],
  ['an id that only stands there', mentions],
  ['a word that is no id', strangers],
])('%s', (_, shapes) => {
  test.each(shapes.map((shape) => [shape.what, shape] as const))('%s', (_what, shape) => {
    expect(conclude(shape)).toEqual({
      present: shape.present,
      mentioned: shape.mentioned ?? [],
      unrecognised: shape.unrecognised ?? [],
    });
  });
});
