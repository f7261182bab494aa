import { describe, expect, test } from 'vitest';
import secretMaterial from '../../../checks/jacqos/secret-material.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { judgeScene, printed, READY, refused, type Scene } from './scene.ts';

const row = (name: string, scene: Scene) => judgeScene(scene)[name];

describe('secret-material', () => {
  const judged = (scene: Scene) => row('secret-material', scene);

  test('a folder with nothing but digests passes', () => {
    expect(brief(judged({}))).toBe('pass');
  });

  test('a key in the workspace is named by its file and never shown', () => {
    const found = judged({ folder: { secrets: [{ file: '/app/.jacqos/cloud/key.pem', kind: 'a private key' }] } });
    expect(brief(found)).toBe('fail secret_material_persisted:in-workspace');
    expect(found?.findings[0]?.values).toMatchObject({ file: '/app/.jacqos/cloud/key.pem' });
    expect(unquoted(found, '/app/.jacqos/cloud/key.pem', 'a private key')).toEqual([]);
  });

  test('a receipt that reports it leads before every other fault', () => {
    const rows = judgeScene({
      environment: { malformed: [{ source: 'JACQOS_MANAGEMENT_URL', shown: 'nothing' }] },
      readiness: printed({ receipt: { secret_material_persisted: true } }, 1),
    });
    expect(Object.values(rows).find(({ status }) => status === 'fail')?.name).toBe('secret-material');
    expect(brief(rows['secret-material'])).toBe('fail secret_material_persisted:reported');
  });

  test('false beside the key is not a finding', () => {
    expect(brief(judged({ readiness: printed({ ...READY, secret_material_persisted: false }) }))).toBe('pass');
  });

  test('files that could not be read are not called clean', () => {
    expect(brief(judged({ folder: { unread: 2 } }))).toBe('unknown');
    expect(brief(judged({ folder: refused('session-folder', 'timeout', 'no answer', 'read') }))).toBe('unknown');
  });
});

idsAndTextsArePinned('jacqos', secretMaterial);
