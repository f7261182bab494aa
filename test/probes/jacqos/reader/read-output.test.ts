import { describe, expect, test } from 'vitest';
import { readOutput } from '../../../../src/probes/jacqos/reader/read-output.ts';
import { type MadeUp, mentions, present, strangers } from './made-up.ts';
import { names } from './made-up-names.ts';

function conclude({ text, failed = true }: Pick<MadeUp, 'text'> & { failed?: boolean }) {
  const reading = readOutput(text, { failed });
  return {
    present: reading.present,
    mentioned: reading.mentioned.map(({ id }) => id),
    unrecognised: reading.unrecognised,
  };
}

describe.each([
  ['an id that is wrong now', present],
  ['an id that is only mentioned', mentions],
  ['a word that is not an id', strangers],
])('%s', (_, shapes) => {
  test.each(shapes.map((shape) => [shape.what, shape] as const))('%s', (_what, shape) => {
    expect(conclude(shape)).toEqual({
      present: shape.present,
      mentioned: shape.mentioned ?? [],
      unrecognised: shape.unrecognised ?? [],
    });
  });
});

describe.each([true, false])(
  'an id as a name or as a possibility is not a failure, whether the command failed: %s',
  (failed) => {
    test.each(names.map((shape) => [shape.what, shape] as const))('%s', (_what, { text, present, mentioned = [] }) => {
      expect(conclude({ text, failed })).toEqual({ present, mentioned, unrecognised: [] });
    });
  },
);

test('a part that is switched off does not explain the last failure of the command away', () => {
  const text = JSON.stringify({ active: false, last_failure: { id: 'missing_package_blob' } });
  expect(conclude({ text }).present).toEqual(['missing_package_blob']);
});

describe('what users wrote themselves', () => {
  const said = (value: unknown) => readOutput(JSON.stringify(value), { failed: false });

  test.each(['payload', 'observation', 'observations', 'atoms', 'facts', 'intents', 'email_body', 'credentials'])(
    'below %s is neither shown nor taken for a state',
    (key) => {
      const reading = said({
        lifecycle: 'active',
        [key]: { status: 'patient released', error: 'ada_lovelace', code: 'wrong_runtime_scope' },
      });
      expect(reading.words).toEqual([{ key: 'lifecycle', word: 'active', standing: 'good' }]);
      expect(reading.unrecognised).toEqual([]);
      expect(JSON.stringify(reading)).not.toMatch(/ada|patient/);
    },
  );

  test('a sentence in a state is not shown', () => {
    expect(said({ status: 'Ada Lovelace could not be reached at home' }).words).toEqual([
      { key: 'status', word: 'a word that is not shown', standing: 'other' },
    ]);
  });
});

describe('states', () => {
  const words = (value: unknown) => readOutput(JSON.stringify(value), { failed: false }).words;

  test.each(['active', 'promoted', 'ready', 'healthy', 'ok', 'Active', 'OK'])('%s counts as well', (word) => {
    expect(words({ lifecycle: word })).toEqual([{ key: 'lifecycle', word, standing: 'good' }]);
  });

  test.each(['degraded', 'read-only', 'pending', 'unknown', 'success', 'up'])('a health of %s does not', (word) => {
    expect(words({ health: word })).toMatchObject([{ word, standing: 'other' }]);
  });

  test.each<[string, object, string, string]>([
    ['of a part of the health', { health: { runtime: 'amber' } }, 'health.runtime', 'amber'],
    ['in a list below health', { health: ['ok', 'amber'] }, 'health', 'amber'],
    ['deep below health', { health: { cells: [{ name: 'eu', value: 'amber' }] } }, 'cells.value', 'amber'],
    ['of a part below status', { status: { projection: 'needs attention' } }, 'status.projection', 'needs attention'],
    ['as the result of a check', { checks: [{ name: 'cell', result: 'amber' }] }, 'checks.result', 'amber'],
    ['as a flag', { app: { paused: true } }, 'app.paused', 'true'],
    ['as null', { health: null }, 'health', 'null'],
    ['as a number', { health: 0.4 }, 'health', '0.4'],
    ['as false', { lifecycle: 'active', health: false }, 'health', 'false'],
    ['as an empty text', { health: '' }, 'health', 'nothing'],
  ])('a state %s that is not documented as healthy is kept', (_where, value, key, word) => {
    expect(words(value).filter(({ standing }) => standing === 'other')).toEqual([{ key, word, standing: 'other' }]);
  });

  test('a state after many healthy ones is kept', () => {
    const parts = Array.from({ length: 100 }, (_, at) => ({ [`part${at}`]: { status: 'ok' } }));
    expect(words({ parts, health: 'amber' }).at(-1)).toEqual({ key: 'health', word: 'amber', standing: 'other' });
  });

  test('a description of a state is not a state, and rows of an activity have their own', () => {
    const health = { runtime: 'ok', checked_at: '2026-11-24T10:00:00Z', url: 'https://x.test', message: 'all well' };
    const activity = [{ kind: 'append', status: 'waiting', health: 'amber' }];
    expect(words({ health: { ...health, app: 'shop', latency: '12' }, activity, status: { region: 'eu' } })).toEqual([
      { key: 'health.runtime', word: 'ok', standing: 'good' },
    ]);
  });

  test('a command that reports its own success says nothing about what it examined', () => {
    expect(words({ status: 'success' })).toMatchObject([{ standing: 'neutral' }]);
  });

  test('flags count as words, numbers and the past do not', () => {
    expect(
      words({
        ready: false,
        signed_in: true,
        status: 200,
        history: [{ status: 'failed' }],
        previous: { health: 'down' },
      }),
    ).toEqual([
      { key: 'ready', word: 'false', standing: 'other' },
      { key: 'signed_in', word: 'true', standing: 'good' },
    ]);
  });

  test('a state that is over says nothing about the current one', () => {
    expect(words({ lifecycle: 'active', incidents: [{ code: 'degraded_deployment', state: 'closed' }] })).toMatchObject(
      [{ word: 'active' }],
    );
  });

  test('digests, times and ids are read under any keys', () => {
    const value = {
      active: { package: { digest: 'sha256:5f1d0c8e42' } },
      evaluatorDigest: 'sha256:77aa01b2c3',
      lastActivity: '2026-11-24T10:00:00Z',
      app: { id: 'shop' },
      environment_id: 'prod',
    };
    expect(readOutput(JSON.stringify(value), { failed: false }).shown).toEqual({
      packageDigest: 'sha256:5f1d0c8e42',
      evaluatorDigest: 'sha256:77aa01b2c3',
      lastActivity: '2026-11-24T10:00:00Z',
      appId: 'shop',
      environmentId: 'prod',
    });
  });
});

describe('a long output', () => {
  /** Made up: rows of an activity. */
  const rows = (count: number, given: object) =>
    Array.from({ length: count }, (_, at) => ({ id: `row_${at}`, kind: 'append', status: 'done', ...given }));

  test('resolved rows, however many, do not displace the id that is wrong now', () => {
    const resolved = rows(60_000, { code: 'degraded_deployment', resolved: true });
    expect(conclude({ text: JSON.stringify({ activity: resolved, error: 'no_active_evaluator' }) })).toMatchObject({
      present: ['no_active_evaluator'],
      mentioned: ['degraded_deployment'],
    });
  });

  test('rows with one id, however many, do not displace another id', () => {
    const denied = rows(60_000, { code: 'append_policy_denied' });
    expect(conclude({ text: JSON.stringify({ activity: denied, error: 'no_active_evaluator' }) }).present).toEqual([
      'append_policy_denied',
      'no_active_evaluator',
    ]);
  });

  test('lines of an outage, however many, are resolved by the line that ends it', () => {
    const text = `${'ERROR runtime_cell_unavailable\n'.repeat(60_000)}INFO runtime_cell_unavailable resolved\n`;
    expect(conclude({ text })).toMatchObject({ present: [], mentioned: ['runtime_cell_unavailable'] });
  });
});

describe('a log that was quoted or folded', () => {
  // Made up: output that a command of this kind may print.
  const log = JSON.stringify({
    level: 'error',
    op: 'deploy',
    msg: 'not there',
    code: 'missing_package_blob',
    at: 'now',
  });
  const fold = (text: string, width: number): string =>
    text.replace(new RegExp(`.{${width}}(?=.)`, 'g'), (line) => `${line}\n`);
  const quote = (text: string): string => text.replace(/^/gm, '> ');

  test.each<[string, string]>([
    ['a quoted line', '> Error: missing_package_blob: none'],
    ['a quoted document', quote(JSON.stringify(JSON.parse(log), null, 2))],
    ['a quote in a quote', quote(quote(JSON.stringify(JSON.parse(log), null, 2)))],
    ['a folded document in a quote', quote(fold(log, 40))],
    ['a folded line of text', fold('2026-11-24 ERROR deploy of the app shop failed with missing_package_blob', 64)],
    ...[20, 37, 39, 40, 43, 60].map((width): [string, string] => [`a document folded at ${width}`, fold(log, width)]),
  ])('%s names its id', (_what, text) => {
    expect(conclude({ text })).toEqual({ present: ['missing_package_blob'], mentioned: [], unrecognised: [] });
  });

  test('a folded history is not a failure', () => {
    const history = JSON.stringify({
      history: [{ id: 'degraded_deployment' }],
      error: { code: 'missing_package_blob' },
    });
    for (const width of [25, 30, 40, 55])
      expect(conclude({ text: fold(history, width) })).toEqual({
        present: ['missing_package_blob'],
        mentioned: ['degraded_deployment'],
        unrecognised: [],
      });
  });

  test('a command that was typed after a prompt is not a quote', () => {
    const typed = '> jacqos cloud select --app-name duplicate_app_name\n';
    expect(conclude({ text: typed }).mentioned).toEqual(['duplicate_app_name']);
  });
});
