import { describe, expect, test } from 'vitest';
import reported from '../../../checks/jacqos/reported.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { judgeScene, type Scene } from './scene.ts';

const row = (name: string, scene: Scene) => judgeScene(scene)[name];

describe('the text', () => {
  test('without an id in it is not called understood, and what it mentions is shown', () => {
    const nothing = row('reported', { from: 'History:\n  no_active_evaluator\n' });
    expect(brief(nothing)).toBe('unknown');
    expect(nothing?.notes).toHaveLength(1);
    expect(unquoted(nothing, 'no_active_evaluator')).toEqual([]);
  });

  test('an unknown word is shown unchanged and not taken for another', () => {
    const strange = judgeScene({ from: 'Error: missing_runtime_tokens: none\n' });
    expect(brief(strange['reported'])).toBe('unknown');
    expect(unquoted(strange['reported'], 'missing_runtime_tokens')).toEqual([]);
    expect(brief(strange['runtime-token'])).toBe('not-applicable');
  });
});

test('without a text there is nothing to read', () => {
  expect(brief(row('reported', {}))).toBe('not-applicable');
});

idsAndTextsArePinned('jacqos', reported);
