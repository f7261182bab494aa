import { describe, expect, test } from 'vitest';
import { notApplicable, value } from '../../src/engine/outcome.ts';
import {
  answered,
  brief,
  CELL,
  headline,
  judgeScene,
  printed,
  READY,
  refused,
  type Scene,
  wordsOf,
} from './jacqos-scene.ts';

const row = (name: string, scene: Scene) => judgeScene(scene)[name];

describe('secret-material', () => {
  const judged = (scene: Scene) => row('secret-material', scene);

  test('a folder with nothing but digests passes', () => {
    expect(brief(judged({}))).toBe('pass');
  });

  test('a key that lies in the workspace is named by its file and never shown', () => {
    const found = judged({ folder: { secrets: [{ file: '/app/.jacqos/cloud/key.pem', kind: 'a private key' }] } });
    expect(brief(found)).toBe('fail secret_material_persisted:in-workspace');
    expect(found?.findings[0]).toMatchObject({
      values: { file: '/app/.jacqos/cloud/key.pem' },
      evidence: ['/app/.jacqos/cloud/key.pem holds what looks like a private key; it is not shown'],
    });
  });

  test('a receipt that says so leads before everything else that is wrong', () => {
    const rows = judgeScene({
      environment: { malformed: [{ source: 'JACQOS_MANAGEMENT_URL', shown: 'nothing' }] },
      readiness: printed({ receipt: { secret_material_persisted: true } }, 1),
    });
    expect(Object.values(rows).find(({ status }) => status === 'fail')?.name).toBe('secret-material');
    expect(brief(rows['secret-material'])).toBe('fail secret_material_persisted:reported');
  });

  test('false beside the key is no finding', () => {
    expect(brief(judged({ readiness: printed({ ...READY, secret_material_persisted: false }) }))).toBe('pass');
  });

  test('files that could not be read are not called clean', () => {
    expect(brief(judged({ folder: { unread: 2 } }))).toBe('unknown');
    expect(brief(judged({ folder: refused('session-folder', 'timeout', 'no answer', 'read') }))).toBe('unknown');
  });
});

describe('configuration', () => {
  const judged = (scene: Scene) => row('configuration', scene);

  test('no variable at all is the default of production and no failure', () => {
    const management = [{ source: 'the default', url: 'https://cloud.jacqos.io' }];
    expect(brief(judged({ environment: { management } }))).toBe('pass');
  });

  test('a value that is no address is a configuration fault, and the plane is not accused', () => {
    const rows = judgeScene({
      environment: { management: [], malformed: [{ source: 'JACQOS_MANAGEMENT_URL', shown: '"cloud.jacqos.io"' }] },
      management: {
        kind: 'failed',
        failure: { why: 'withheld', phase: 'address', detail: 'no usable address', root: 'jacqos.environment' },
      },
    });
    expect(brief(rows['configuration'])).toBe('fail management_url_malformed');
    expect(rows['configuration']?.findings[0]?.values).toEqual({
      source: 'JACQOS_MANAGEMENT_URL',
      value: '"cloud.jacqos.io"',
    });
    expect(brief(rows['management-plane'])).toBe('blocked by management_url_malformed');
  });

  test('an empty variable is a warning, and none where another address is named', () => {
    const environment = { empty: ['JACQOS_MANAGEMENT_URL'] };
    const management = [{ source: 'the default', url: 'https://cloud.jacqos.io' }];
    const warned = judged({ environment: { ...environment, management } });
    expect(brief(warned)).toBe('warn warn management_url_malformed');
    expect(warned?.findings[0]?.evidence.join()).toMatch(/set and empty; whether that counts as not set/);
    expect(brief(judged({ environment }))).toBe('pass');
  });

  test('two different addresses are both named, and none is preferred', () => {
    const management = [
      { source: 'JACQOS_MANAGEMENT_URL', url: 'https://a.test' },
      { source: 'JACQOS_LIVE_MANAGEMENT_URL', url: 'https://b.test' },
    ];
    const found = judged({ environment: { management } });
    expect(brief(found)).toBe('warn management_url_conflict');
    expect(found?.findings[0]?.values).toEqual({ first: 'https://a.test', second: 'https://b.test' });
  });

  test('what a failed run reports as missing is told with what is set here', () => {
    const missing = judged({ from: 'error[agentmail_api_key_missing]: no key\n' });
    expect(brief(missing)).toBe('fail agentmail_api_key_missing');
    expect(wordsOf(missing)).toContain('JACQOS_AUTH_TESTING_EMAIL_API_KEY is not set here');
    expect(brief(judged({ from: 'management_url_missing\n' }))).toBe('fail management_url_missing');
    const studio = judged({ from: '{"id":"cloud_configuration_missing"}' });
    expect(brief(studio)).toBe('fail cloud_configuration_missing');
    expect(wordsOf(studio)).toContain('neither variable is set here');
  });

  test('the fixture as the identity of a receipt is one, and a mention of it is none', () => {
    expect(brief(judged({ readiness: printed({ signed_in: true, user: 'local-studio-user' }) }))).toBe(
      'fail local_auth_fixture_enabled',
    );
    expect(brief(judged({ from: 'never fall back to local-studio-user\n' }))).toBe('pass');
  });

  test('an address that is asked in clear is a note', () => {
    expect(
      wordsOf(judged({ environment: { management: [{ source: '--management-url', url: 'http://cloud.test' }] } })),
    ).toMatch(/http:\/\/cloud\.test \(--management-url\) is asked in clear/);
  });
});

describe('workspace', () => {
  const judged = (scene: Scene) => row('workspace', scene);
  const closed = { writable: false, writesTo: '/app' };

  test('a read-only checkout with a session in it is a note', () => {
    const kept = judged({ folder: closed });
    expect(brief(kept)).toBe('pass');
    expect(kept?.notes.join()).toMatch(/\/app cannot be written to by this user: the session that is there goes on/);
  });

  test('without a session it is a warning, and after a sign-in that failed a failure', () => {
    expect(brief(judged({ folder: { ...closed, files: 0 } }))).toBe('warn warn session_persistence_failed:folder');
    const failed = judged({ folder: { ...closed, files: 0 }, from: 'Error: session_persistence_failed: not stored\n' });
    expect(brief(failed)).toBe('fail session_persistence_failed:folder');
    expect(wordsOf(failed)).toMatch(
      /the failed command's output names session_persistence_failed\n\/app cannot be written/,
    );
  });

  test('with a session that is not signed in it is one as well', () => {
    expect(brief(judged({ folder: closed, readiness: printed({ signed_in: false }) }))).toBe(
      'warn warn session_persistence_failed:folder',
    );
  });

  test('a folder that can be written to leaves the id to the text', () => {
    expect(brief(judged({ from: 'session_persistence_failed\n' }))).toBe('fail session_persistence_failed:reported');
  });

  test('a folder of something else is no workspace', () => {
    expect(brief(judged({ app: { toml: 'absent', appId: null }, folder: { kind: 'absent' } }))).toBe('not-applicable');
  });
});

describe('cli', () => {
  const judged = (scene: Scene) => row('cli', scene);

  test('a command that answers passes with its version', () => {
    expect(judged({})?.evidence).toEqual(['/usr/local/bin/jacqos is version 1.0.0']);
  });

  test('a version that was not found in the answer is no fault: its format is not documented', () => {
    const strange = judged({ version: value({ kind: 'unclear', reason: 'no version was found in its answer' }) });
    expect(brief(strange)).toBe('pass');
    expect(strange?.notes).toEqual(['jacqos --version: no version was found in its answer']);
  });

  test('a command that hangs or fails cannot be judged', () => {
    expect(
      brief(judged({ version: value({ kind: 'unclear', reason: 'it did not come to an end within 8000 ms' }) })),
    ).toBe('unknown');
    expect(
      brief(judged({ version: refused('cli-version', 'missing-tool', 'its interpreter is not there', 'start') })),
    ).toBe('unknown');
  });

  test('a command that is not there blocks what only it can tell', () => {
    const program = refused('cli-program', 'missing-tool', 'no jacqos in the 4 folders of PATH', 'start');
    const rows = judgeScene({ program, readiness: program, status: program, version: program });
    expect(brief(rows['cli'])).toBe('fail jacqos_cli_missing:absent');
    for (const name of ['account-readiness', 'deployment-status', 'activation'])
      expect([name, brief(rows[name])]).toEqual([name, 'blocked by jacqos_cli_missing']);
    expect(brief(rows['management-plane'])).toBe('pass');
  });

  test('one that may not be run has another remedy', () => {
    expect(brief(judged({ program: refused('cli-program', 'denied', 'may not be run', 'start') }))).toBe(
      'fail jacqos_cli_missing:not-executable',
    );
  });

  test('where ids were pasted, its absence is a warning', () => {
    const program = refused('cli-program', 'missing-tool', 'no jacqos', 'start');
    for (const from of ['append_policy_denied\n', 'error[some_unknown_thing_failed]: no\n'])
      expect([from, brief(judged({ program, from }))]).toEqual([from, 'warn warn jacqos_cli_missing:absent']);
    const absent = 'Deploying…\nbash: jacqos: command not found\n';
    expect(brief(judged({ program, from: absent }))).toBe('fail jacqos_cli_missing:absent');
  });

  test('on a machine without it, a plane that is down leads all the same', () => {
    const program = refused('cli-program', 'missing-tool', 'no jacqos', 'start');
    const gone = { program, readiness: program, status: program, version: program };
    expect(headline({ ...gone, management: answered(503) })).toBe('management_plane_unavailable');
    expect(headline({ ...gone, runtime: answered(502, CELL) })).toBe('runtime_cell_unavailable');
    expect(headline(gone)).toBe('jacqos_cli_missing');
  });

  test('where it is not needed, nothing is said', () => {
    expect(brief(judged({ program: notApplicable('it does not bear on it') }))).toBe('pass');
  });
});
