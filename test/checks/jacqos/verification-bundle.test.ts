import { describe, expect, test } from 'vitest';
import verificationBundle from '../../../checks/jacqos/verification-bundle.ts';
import { notApplicable } from '../../../src/engine/outcome.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { BUNDLE, headline, judgeScene, printed, refused, type Scene } from './scene.ts';

const row = (name: string, scene: Scene) => judgeScene(scene)[name];

describe('the package', () => {
  const found = (given: Partial<typeof BUNDLE>) => ({ bundle: { found: { ...BUNDLE, ...given } as typeof BUNDLE } });
  const judged = (scene: Scene) => row('verification-bundle', scene);

  test('a bundle that passed is sound', () => {
    expect(brief(judged({}))).toBe('pass');
  });

  test('one that failed names what failed in it', () => {
    const failed = judged(found({ status: 'failed', failing: ['orders_fixture'], failed: 2 }));
    expect(brief(failed)).toBe('fail unverified_package_publish:bundle-failed');
    expect(unquoted(failed, 'shop.json', 'orders_fixture')).toEqual([]);
  });

  test('it explains a failed publish, and is a warning with any other fault', () => {
    const failed = found({ status: 'failed' });
    expect(brief(judged({ ...failed, from: 'unverified_package_publish\n' }))).toBe(
      'fail unverified_package_publish:bundle-failed',
    );
    for (const from of ['revoked_runtime_token\n', 'append_policy_denied\n', 'export_digest_drift\n'])
      expect(brief(judged({ ...failed, from }))).toBe('warn warn unverified_package_publish:bundle-failed');
    expect(headline({ ...failed, status: printed({ error: 'read_only_deployment' }, 1) })).toBe('read_only_deployment');
  });

  test.each<[string, Scene, readonly string[]]>([
    ['skipped', found({ status: 'skipped' }), ['skipped']],
    ['passed with redaction findings', found({ redactionFindings: 2 }), ['2']],
    ['a status that no page knows', found({ status: 'partial' }), ['partial']],
    ['another app', found({ appId: 'desk' }), ['/app/generated/verification/shop.json', 'desk', 'shop']],
    ['another app, which failed', found({ appId: 'desk-v2', status: 'failed' }), ['desk-v2', 'shop']],
    ['an app whose name differs only in case', found({ appId: 'Shop' }), ['Shop', 'shop']],
    ['no app', found({ appId: null }), ['app_id']],
    ['damage', { bundle: { found: { kind: 'malformed', problem: 'it is not JSON' } } }, ['it is not JSON']],
    ['no right to read it', { bundle: refused('bundle', 'denied', 'EACCES', 'read') }, ['EACCES']],
    [
      'a jacqos.toml that is not TOML',
      { app: { toml: 'unreadable', appId: null, problem: 'no TOML at line 2' } },
      ['no TOML at line 2'],
    ],
  ])('is never plainly healthy with %s', (_what, scene, quoted) => {
    const unclear = judged(scene);
    expect(brief(unclear)).toBe('unknown');
    expect(unquoted(unclear, ...quoted)).toEqual([]);
  });

  test('a missing bundle is a note and not a finding', () => {
    const missing = judged({ bundle: { found: { kind: 'absent', others: ['desk', 'kiosk'] } } });
    expect(brief(missing)).toBe('pass');
    expect(missing?.notes).toHaveLength(1);
    expect(unquoted(missing, 'kiosk', 'desk')).toEqual([]);
    const elsewhere = judged({
      app: { toml: 'absent', appId: null },
      bundle: notApplicable('/tmp is not the folder of an app'),
    });
    expect(brief(elsewhere)).toBe('not-applicable');
  });

  test('a source that is newer is a note', () => {
    const older = judged({ bundle: { newer: 'ontology/rules.dh' } });
    expect(brief(older)).toBe('pass');
    expect(unquoted(older, 'ontology/rules.dh')).toEqual([]);
  });
});

test.each([
  'package_digest_mismatch',
  'missing_package_blob',
  'inline_package_too_large',
  'too_many_effect_capabilities',
])('%s, which only a publish shows, is found from its output', (id) => {
  expect(brief(row('verification-bundle', { from: `error[${id}]: it did not work\n` }))).toBe(`fail ${id}`);
});

idsAndTextsArePinned('jacqos', verificationBundle);
