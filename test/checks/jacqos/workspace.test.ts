import { describe, expect, test } from 'vitest';
import workspace from '../../../checks/jacqos/workspace.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { judgeScene, printed, type Scene } from './scene.ts';

const row = (name: string, scene: Scene) => judgeScene(scene)[name];

describe('workspace', () => {
  const judged = (scene: Scene) => row('workspace', scene);
  const closed = { writable: false, writesTo: '/app' };

  test('a read-only checkout with a session in it is a note', () => {
    const kept = judged({ folder: closed });
    expect(brief(kept)).toBe('pass');
    expect(unquoted(kept, '/app')).toEqual([]);
  });

  test('without a session it is a warning, and after a sign-in that failed a failure', () => {
    expect(brief(judged({ folder: { ...closed, files: 0 } }))).toBe('warn warn session_persistence_failed:folder');
    const failed = judged({ folder: { ...closed, files: 0 }, from: 'Error: session_persistence_failed: not stored\n' });
    expect(brief(failed)).toBe('fail session_persistence_failed:folder');
    expect(unquoted(failed, 'session_persistence_failed', '/app')).toEqual([]);
  });

  test('with a session that is not signed in it is one as well', () => {
    expect(brief(judged({ folder: closed, readiness: printed({ signed_in: false }) }))).toBe(
      'warn warn session_persistence_failed:folder',
    );
  });

  test('a folder that can be written to leaves the id to the text', () => {
    expect(brief(judged({ from: 'session_persistence_failed\n' }))).toBe('fail session_persistence_failed:reported');
  });

  test('a folder of another program is not a workspace', () => {
    expect(brief(judged({ app: { toml: 'absent', appId: null }, folder: { kind: 'absent' } }))).toBe('not-applicable');
  });
});

idsAndTextsArePinned('jacqos', workspace);
