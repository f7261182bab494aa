import { describe, expect, test } from 'vitest';
import { jacqos } from '../../checks/jacqos.ts';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { jacqosDocumented, severityOf } from '../../src/catalog/generated/ids.ts';
import { sourcesOf } from '../../src/engine/probe.ts';
import {
  ownerOf,
  selectedChecks,
  selectionForIds,
  sourcesOfCheck,
  unneededSources,
} from '../../src/engine/selection.ts';
import { runtimeObservation } from '../../src/probes/jacqos/runtime-observation.ts';
import { CELL, headline, judgeScene, printed, type Scene, troubled } from './jacqos/scene.ts';

const catalog = await loadCatalog('jacqos');
const checks = jacqos.order.map(({ check }) => check);
const names = checks.map(({ name }) => name);

/** The documented triage order (TS), with checks of this host before it: a check moves only on purpose. */
const ORDER = [
  ['reported', ['reported']],
  ['local', ['secret-material', 'configuration', 'workspace', 'cli']],
  ['reach', ['management-plane']],
  ['account', ['account-readiness']],
  ['runtime', ['runtime-cell']],
  ['package', ['verification-bundle']],
  ['deployment', ['deployment-status']],
  ['activation', ['activation']],
  ['token', ['runtime-token']],
  ['effects', ['hosted-effects']],
  ['append', ['append']],
  ['replay', ['replay']],
] as const;

test('the order is the one that was decided', () => {
  expect(checks.map((check) => [check.group, check.name])).toEqual(
    ORDER.flatMap(([group, list]) => list.map((name) => [group, name])),
  );
});

test('each id of the catalogue is found by exactly one check', () => {
  const found = checks.flatMap(({ finds }) => finds);
  expect([...found].sort()).toEqual(catalog.entries.map(({ id }) => id).sort());
});

test('an id that a check can find is verified by that check', () => {
  for (const { name, finds } of checks)
    for (const id of finds) {
      const { caught, verify, severity } = catalog.entry(id);
      // Only a call to the runtime shows the state of a token.
      const flags = name === 'runtime-token' ? ['--deep'] : [];
      expect([id, verify]).toEqual([id, caught.how === 'live' ? { only: name, flags } : null]);
      expect([id, severity]).not.toEqual([id, 'none']);
    }
});

test('the owner of a probe comes before all checks that need it', () => {
  for (const { check } of jacqos.order) {
    for (const { source, attempted } of sourcesOf(check.needs)) {
      const owner = attempted ? undefined : ownerOf(jacqos, source);
      if (owner)
        expect([check.name, names.indexOf(owner.name) <= names.indexOf(check.name)]).toEqual([check.name, true]);
    }
  }
  const owned = jacqos.order.flatMap(({ owns = [] }) => owns.map(({ name }) => name));
  expect(new Set(owned).size).toBe(owned.length);
});

test('a check that confirms or refutes an id comes before the one that finds it', () => {
  for (const { check, with: others = [] } of jacqos.order)
    for (const other of others)
      expect([check.name, names.indexOf(other.name) < names.indexOf(check.name)]).toEqual([check.name, true]);
});

test('a check’s title is a claim', () => {
  for (const { title } of checks) expect(title).toMatch(/^[a-z].*[^.]$/);
});

/** The checks that run if a failed command named an id: only those that concern it. */
test.each([
  ['revoked_runtime_token', ['reported', 'runtime-token'], ['jacqos.environment', 'jacqos.observe', 'jacqos.reported']],
  ['append_policy_denied', ['reported', 'append'], ['jacqos.observe', 'jacqos.reported']],
  [
    'management_plane_unavailable',
    ['reported', 'configuration', 'management-plane'],
    ['jacqos.environment', 'jacqos.management-health', 'jacqos.observe', 'jacqos.reported'],
  ],
  [
    'cloud_invite_required',
    ['reported', 'configuration', 'cli', 'management-plane', 'account-readiness'],
    [
      'jacqos.cli-program',
      'jacqos.cli-version',
      'jacqos.environment',
      'jacqos.management-health',
      'jacqos.observe',
      'jacqos.readiness',
      'jacqos.reported',
    ],
  ],
])('%s', (id, judged, looked) => {
  const reported = checks.filter(({ name }) => name === 'reported');
  const selection = selectionForIds(jacqos, [id], reported);
  expect(selection?.only).toEqual(judged);
  const left = unneededSources(jacqos, selection ?? { only: [], skip: [] }, [runtimeObservation]);
  const all = [...new Set(jacqos.order.flatMap((ordered) => sourcesOfCheck(ordered).map(({ name }) => name)))];
  expect(all.filter((name) => !left.includes(name)).sort()).toEqual(looked);
});

test('an id that no check finds narrows nothing', () => {
  expect(selectionForIds(jacqos, ['quorum_lost', 'of_tomorrow'], [])).toBeNull();
});

/** The printed verify command judges what was judged, and nothing more. */
test.each(catalog.entries.filter(({ verify }) => verify !== null).map(({ id, verify }) => [id, verify] as const))(
  'after --from named %s',
  (id, verify) => {
    const reported = checks.filter(({ name }) => name === 'reported');
    const judged = selectionForIds(jacqos, [id], reported)?.only ?? [];
    const again = selectedChecks(jacqos, { only: verify !== null && 'only' in verify ? [verify.only] : [], skip: [] });
    expect([...again].sort()).toEqual(judged.filter((name) => name !== 'reported').sort());
  },
);

describe('every documented id', () => {
  const place = (id: string): number => checks.findIndex(({ finds }) => (finds as readonly string[]).includes(id));

  test.each(jacqosDocumented)('%s is found by one check in text and in JSON, and nothing else fails', (id) => {
    const answer = printed({ error: { id } }, 1);
    for (const scene of [
      {
        from: `error[${id}]: it did not work\n`,
        management: troubled({ phase: 'tls', code: 'expired' }),
        runtime: troubled({ ...CELL, phase: 'tls', code: 'expired' }),
        readiness: printed('', 1),
        status: printed('', 1),
      },
      { status: answer },
    ] satisfies Scene[]) {
      const rows = Object.values(judgeScene(scene));
      const failing = rows.filter(({ findings }) => findings.length > 0);
      expect(failing.map(({ name, findings }) => [name, findings.map((one) => one.id)])).toEqual([
        [checks[place(id)]?.name, [id]],
      ]);
    }
  });

  test('of two, the one of the earlier scope leads, in any order of names', () => {
    const ids = jacqosDocumented.filter((id) => severityOf[id] === 'fail');
    const unsure = {
      management: troubled({ phase: 'tls', code: 'expired' }),
      runtime: troubled({ ...CELL, phase: 'tls', code: 'expired' }),
      readiness: printed('', 1),
      status: printed('', 1),
    };
    for (const one of ids)
      for (const other of ids) {
        if (place(one) >= place(other)) continue;
        expect(headline({ ...unsure, from: `${other}\n${one}\n` }), `${one} before ${other}`).toBe(one);
      }
  });

  test('of two in one scope, the one that is named first leads', () => {
    for (const { finds } of checks) {
      const [one, other] = finds.filter(
        (id) => severityOf[id] === 'fail' && (jacqosDocumented as readonly string[]).includes(id),
      );
      if (one === undefined || other === undefined) continue;
      const unsure = {
        management: troubled({ phase: 'tls', code: 'expired' }),
        readiness: printed('', 1),
        status: printed('', 1),
      };
      expect(headline({ ...unsure, from: `${other}\n${one}\n` }), `${other} before ${one}`).toBe(other);
    }
  });
});

test('an id that status names and one that was pasted keep the triage order', () => {
  expect(headline({ from: 'revoked_runtime_token\n', status: printed({ error: 'degraded_deployment' }, 1) })).toBe(
    'degraded_deployment',
  );
  expect(
    headline({
      from: 'no_active_evaluator\n',
      status: printed('', 1),
      readiness: printed({ error: 'cloud_invite_required' }, 1),
    }),
  ).toBe('cloud_invite_required');
});
