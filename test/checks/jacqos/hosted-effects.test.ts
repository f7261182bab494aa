import { expect, test } from 'vitest';
import hostedEffects from '../../../checks/jacqos/hosted-effects.ts';
import { brief, idsAndTextsArePinned } from '../scene.ts';
import { ACTIVE, judgeScene, printed, type Scene } from './scene.ts';

const row = (name: string, scene: Scene) => judgeScene(scene)[name];

test('what nothing asks for is not applicable, until the status or a text names it', () => {
  expect(brief(row('hosted-effects', {}))).toBe('not-applicable');
  expect(brief(row('hosted-effects', { status: printed({ ...ACTIVE, effects: ['hosted_effect_failure'] }) }))).toBe(
    'fail hosted_effect_failure',
  );
  expect(brief(row('hosted-effects', { from: 'manual_reconcile_required\n' }))).toBe('fail manual_reconcile_required');
});

idsAndTextsArePinned('jacqos', hostedEffects);
