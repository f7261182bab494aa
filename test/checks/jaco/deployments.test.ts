import { describe, expect, test } from 'vitest';
import deploymentsCheck from '../../../checks/jaco/deployments.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { deployment, judgeRuntime, NOW, replica, type Scene, unreported } from './scenes/runtime-scene.ts';

const SECOND = 1_000;
const row = (name: string, scene: Scene) => judgeRuntime(scene)[name];
const service = (given: Partial<ReturnType<typeof deployment>['services'][number]> = {}) => ({
  name: 'web',
  replicas: 1,
  placement: 'spread' as const,
  hosts: [],
  networks: ['back'],
  ...given,
});

describe('deployments', () => {
  const pending = (given = {}) => [
    deployment({ status: 'pending', reason: 'service "web": no eligible hosts', ...given }),
  ];

  test.each([
    ['service "web": only 1 eligible host(s) but 3 replicas requested', 'too-few-hosts'],
    ['service "web": no eligible hosts', 'no-eligible-hosts'],
    ['service "web" not found in compose project', 'no-image'],
    ['compose parse failed: yaml: line 3', 'compose-failed'],
    ['something new', 'other'],
  ])('%s', (reason, cause) => {
    expect(brief(row('deployments', { deployments: pending({ reason }), rows: [], containers: [] }))).toBe(
      `fail deployment_pending:${cause} shop`,
    );
  });

  test('all placed and quiet is stale; all placed and racing is not', () => {
    const scene = { deployments: pending() };
    expect(brief(row('deployments', { ...scene, pace: { entries: 1, ms: 1_200 } }))).toBe(
      'warn deployment_pending_stale shop',
    );
    expect(brief(row('deployments', { ...scene, pace: { entries: 14, ms: 1_200 } }))).toBe(
      'fail deployment_pending:no-eligible-hosts shop',
    );
    const blocked = { shop: { atMs: NOW - SECOND, text: 'no eligible hosts' } };
    expect(brief(row('deployments', { ...scene, lines: { seen: true, blocked } }))).toBe(
      'fail deployment_pending:no-eligible-hosts shop',
    );
  });

  test('entries of many replicas are not a scheduling race', () => {
    const rows = Array.from({ length: 60 }, (_, index) => replica({ id: `shop-web-${index}`, host: 'jaco-2' }));
    const deployments = pending({ services: [service({ replicas: 60 })] });
    expect(brief(row('deployments', { deployments, rows, pace: { entries: 14, ms: 1_200 } }))).toBe(
      'warn deployment_pending_stale shop',
    );
  });

  // docs/jaco-daemon/runtime.md#unsafe-names
  test('with an underscore in the name no container gets its network', () => {
    const deployments = [deployment({ name: 'my_App' })];
    const rows = [unreported({ id: 'my_App-web-0', deployment: 'my_App' })];
    const told = row('deployments', { deployments, rows, containers: [] });
    expect(brief(told)).toBe('fail deployment_name_unsafe my_App');
    expect(unquoted(told, 'jaco_my_App_back', 'jaco_my_App_App_back')).toEqual([]);
    const none = [deployment({ name: 'my_App', services: [service({ networks: [] })] })];
    expect(brief(row('deployments', { deployments: none, rows, containers: [] }))).toBe('pass');
  });

  test('a hyphen is not an underscore, and zero replicas are not a fault', () => {
    const zero = row('deployments', {
      deployments: [deployment({ services: [service({ replicas: 0 })] })],
      rows: [],
      containers: [],
    });
    expect(brief(zero)).toBe('pass');
    expect(zero?.notes).toHaveLength(1);
    expect(
      brief(
        row('deployments', {
          deployments: [deployment({ name: 'my-app' })],
          rows: [replica({ deployment: 'my-app' })],
        }),
      ),
    ).toBe('pass');
  });
});

idsAndTextsArePinned('jaco', deploymentsCheck);
