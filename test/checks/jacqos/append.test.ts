import { expect, test } from 'vitest';
import check from '../../../checks/jacqos/append.ts';
import { brief, idsAndTextsArePinned } from '../scene.ts';
import { judgeScene, type Scene } from './scene.ts';

const row = (name: string, scene: Scene) => judgeScene(scene)[name];

test('what nothing asks for is not applicable', () => {
  expect(brief(row('append', {}))).toBe('not-applicable');
});

test.each(check.finds)('%s is found if the text of a failed command names it', (id) => {
  expect(brief(row('append', { from: `error[${id}]: it did not work\n` }))).toBe(`fail ${id}`);
});

idsAndTextsArePinned('jacqos', check);
