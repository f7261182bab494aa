import { describe, expect, test } from 'vitest';
import reported from '../../../checks/jacqos/reported.ts';
import { brief, idsAndTextsArePinned } from '../scene.ts';
import { judgeScene, type Scene } from './scene.ts';

const row = (name: string, scene: Scene) => judgeScene(scene)[name];

describe('the text', () => {
  test('without an id in it is not called understood, and what it mentions is shown', () => {
    const nothing = row('reported', { from: 'History:\n  no_active_evaluator\n' });
    expect(brief(nothing)).toBe('unknown');
    expect(nothing?.notes).toEqual(['no_active_evaluator stands in the text and is not said to be what is wrong now']);
  });

  test('an unknown word is shown as it came, and taken for no other', () => {
    const strange = judgeScene({ from: 'Error: missing_runtime_tokens: none\n' });
    expect(brief(strange['reported'])).toBe('unknown');
    expect(strange['reported']?.reason).toMatch(
      /no documented id as wrong now, only "missing_runtime_tokens", which no page/,
    );
    expect(strange['reported']?.notes.join()).toMatch(/not recognised: "missing_runtime_tokens"/);
    expect(brief(strange['runtime-token'])).toBe('not-applicable');
  });
});

test('without a text there is nothing to read', () => {
  expect(brief(row('reported', {}))).toBe('not-applicable');
});

idsAndTextsArePinned('jacqos', reported);
