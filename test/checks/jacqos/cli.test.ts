import { describe, expect, test } from 'vitest';
import cli from '../../../checks/jacqos/cli.ts';
import { notApplicable, value } from '../../../src/engine/outcome.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { answered, CELL, headline, judgeScene, refused, type Scene } from './scene.ts';

const row = (name: string, scene: Scene) => judgeScene(scene)[name];

describe('cli', () => {
  const judged = (scene: Scene) => row('cli', scene);

  test('a command that answers passes with its version', () => {
    expect(brief(judged({}))).toBe('pass');
    expect(unquoted(judged({}), '/usr/local/bin/jacqos', '1.0.0')).toEqual([]);
  });

  test('a version that was not found in the answer is not a fault: its format is not documented', () => {
    const strange = judged({ version: value({ kind: 'unclear', reason: 'no version was found in its answer' }) });
    expect(brief(strange)).toBe('pass');
    expect(strange?.notes).toHaveLength(1);
    expect(unquoted(strange, '--version', 'no version was found in its answer')).toEqual([]);
  });

  test('a command that hangs or fails cannot be judged', () => {
    expect(brief(judged({ version: value({ kind: 'unclear', reason: 'it did not end within 8000 ms' }) }))).toBe(
      'unknown',
    );
    expect(
      brief(judged({ version: refused('cli-version', 'missing-tool', 'its interpreter is not there', 'start') })),
    ).toBe('unknown');
  });

  test('a missing command blocks the rows that only it can answer', () => {
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

  test('on a machine without it, a plane that is down still leads', () => {
    const program = refused('cli-program', 'missing-tool', 'no jacqos', 'start');
    const gone = { program, readiness: program, status: program, version: program };
    expect(headline({ ...gone, management: answered(503) })).toBe('management_plane_unavailable');
    expect(headline({ ...gone, runtime: answered(502, CELL) })).toBe('runtime_cell_unavailable');
    expect(headline(gone)).toBe('jacqos_cli_missing');
  });

  test('if it is not needed, nothing is reported', () => {
    expect(brief(judged({ program: notApplicable('it does not bear on it') }))).toBe('pass');
  });
});

idsAndTextsArePinned('jacqos', cli);
