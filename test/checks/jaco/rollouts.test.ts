import { describe, expect, test } from 'vitest';
import rollouts from '../../../checks/jaco/rollouts.ts';
import type { DeploymentEvent } from '../../../src/probes/jaco/runtime/deployment-events.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { deployment, judgeRuntime, NOW, replica, type Scene } from './scenes/runtime-scene.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const row = (name: string, scene: Scene) => judgeRuntime(scene)[name];
const service = (given: Partial<ReturnType<typeof deployment>['services'][number]> = {}) => ({
  name: 'web',
  replicas: 1,
  placement: 'spread' as const,
  hosts: [],
  networks: ['back'],
  ...given,
});

describe('rollouts', () => {
  const event = (kind: DeploymentEvent['kind'], agoMs: number, identity = 'rollout'): DeploymentEvent => ({
    kind,
    deployment: 'shop',
    identity,
    atMs: NOW - agoMs,
  });
  const loop = [
    event('apply', 10 * MINUTE, 'local'),
    event('rollback', 3 * MINUTE),
    event('rollback', 2 * MINUTE),
    event('rollback', MINUTE),
  ];

  test('one that turns, by JACO itself', () => {
    const told = row('rollouts', { events: loop, rows: [replica({ state: 'degraded' })] });
    expect(brief(told)).toBe('fail rollout_rolled_back shop');
    expect(unquoted(told, '60 s')).toEqual([]);
  });

  test('one that a user asked for, and one that was replaced since, do not count', () => {
    expect(brief(row('rollouts', { events: [event('rollback', MINUTE, 'operator')] }))).toBe('pass');
    expect(brief(row('rollouts', { events: [...loop, event('apply', 10 * SECOND, 'local')] }))).toBe('pass');
    expect(brief(row('rollouts', { events: loop.map((one) => ({ ...one, deployment: 'gone' })) }))).toBe('pass');
  });

  test('a global service rolls back and forth while it runs: a note', () => {
    const deployments = [deployment({ services: [service({ placement: 'global' as never, replicas: 0 })] })];
    const told = row('rollouts', { events: loop, deployments });
    expect(brief(told)).toBe('pass');
    expect(brief(row('rollouts', { events: loop, deployments, rows: [replica({ state: 'failed' })] }))).toBe(
      'fail rollout_rolled_back shop',
    );
  });
});

idsAndTextsArePinned('jaco', rollouts);
