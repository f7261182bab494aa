import { describe, expect, test } from 'vitest';
import activation from '../../../checks/jacqos/activation.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { BUNDLE, judgeScene, printed, type Scene } from './scene.ts';

const row = (name: string, scene: Scene) => judgeScene(scene)[name];

describe('the activation', () => {
  test('another evaluator on this host is how every change begins', () => {
    const other = row('activation', {
      bundle: { found: { ...BUNDLE, evaluatorDigest: 'sha256:0000' } as typeof BUNDLE },
    });
    expect(brief(other)).toBe('pass');
    expect(other?.notes).toHaveLength(1);
    expect(brief(row('activation', {}))).toBe('pass');
  });

  test('something that is active now refutes that nothing was', () => {
    const over = row('activation', { from: 'no_active_evaluator\n' });
    expect(brief(over)).toBe('pass');
    expect(unquoted(over, 'no_active_evaluator', 'lifecycle: active')).toEqual([]);
    expect(brief(row('activation', { from: 'stale_activation_package_identity\n' }))).toBe(
      'fail stale_activation_package_identity',
    );
  });
});

test.each(activation.finds)('%s that the status names is found', (id) => {
  expect(brief(row('activation', { status: printed({ error: { id } }, 1) }))).toContain(` ${id}`);
});

idsAndTextsArePinned('jacqos', activation);
