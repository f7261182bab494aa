import { describe, expect, test } from 'vitest';
import dnsAnswers from '../../../checks/jaco/dns-answers.ts';
import type { DnsResult } from '../../../src/probes/io/dns/message.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { answers, none } from './scenes/dns-answer.ts';
import {
  deployment,
  judgeIsolation,
  member,
  NOW,
  network,
  replica,
  resolvedNames,
  type Scene,
} from './scenes/isolation-scene.ts';

const SECOND = 1_000;

describe('dns-answers', () => {
  const said = (scene: Scene) => judgeIsolation(scene)['dns-answers'];
  const one = (a: DnsResult, aaaa: DnsResult = answers('NOERROR')) => ({
    answers: resolvedNames().answers.map((answer) => (answer.service === 'db' ? { ...answer, a, aaaa } : answer)),
    notAsked: [],
  });

  test('a running service that has no name', () => {
    const row = said({ names: one(answers('NXDOMAIN')) });
    expect(brief(row)).toBe('fail dns_service_unresolved:unknown db on jaco_shop_back');
    expect(unquoted(row, '10.244.0.1:53', 'NXDOMAIN', 'shop-db-0')).toEqual([]);
    expect(row?.findings[0]?.values).toEqual({ gateway: '10.244.0.1', service: 'db', deployment: 'shop' });
  });

  test('one whose jaco.yaml names other networks than its compose file', () => {
    const replicas = [replica('shop-db-0', { jaco_shop_front: '10.244.1.9' })];
    const row = said({ replicas, names: one(answers('NXDOMAIN')) });
    expect(brief(row)).toBe('fail dns_service_unresolved:networks-override db on jaco_shop_back');
  });

  test('one whose container was disconnected from the network by hand', () => {
    const replicas = [replica('shop-db-0', {})];
    const row = said({ replicas, names: one(answers('NXDOMAIN')) });
    expect(brief(row)).toBe('fail dns_service_unresolved:not-connected db on jaco_shop_back');
    expect(unquoted(row, 'not attached', 'jaco_shop_back')).toEqual([]);
    expect(row?.findings[0]?.values).toMatchObject({ container: 'shop-db-0' });
  });

  test('one on a network that is not JACO’s', () => {
    const row = said({ names: one(answers('NOERROR', ['172.17.0.2'])) });
    expect(brief(row)).toBe('fail dns_service_unresolved:foreign-network db on jaco_shop_back');
  });

  test('one that does not exist for programs that ask for IPv6', () => {
    expect(brief(said({ names: one(answers('NOERROR', ['10.244.0.2']), answers('NXDOMAIN')) }))).toBe(
      'fail dns_service_unresolved:unknown db on jaco_shop_back',
    );
    expect(
      unquoted(said({ names: one(answers('NOERROR', ['10.244.0.2']), answers('NXDOMAIN')) }), 'NXDOMAIN', 'IPv6'),
    ).toEqual([]);
  });

  test('a service that is not running, or was not reported for 10 s, has no name', () => {
    for (const given of [{ state: 'failed' }, { lastHealthAtMs: NOW - 11 * SECOND }] as const) {
      const replicas = [replica('shop-db-0', { jaco_shop_back: '10.244.0.2' }, given)];
      expect(brief(said({ replicas, names: one(answers('NXDOMAIN')) }))).toBe('pass');
    }
  });

  test('a resolver that does not answer is not judged', () => {
    const row = said({ names: one(none('silent')) });
    expect(brief(row)).toBe('unknown');
    expect(unquoted(row, '10.244.0.1:53')).toEqual([]);
  });

  describe('on the implicit network', () => {
    const implicit = (host: string): Scene => {
      const replicas = [
        replica('imp-near-0', { jaco_imp__default: '10.244.0.3' }),
        replica('imp-far-0', { jaco_imp__default: '10.244.1.3' }, { host }),
      ];
      return {
        members: [member('jaco-1'), member('jaco-2')],
        deployments: [deployment('imp', { near: ['default'], far: ['default'] })],
        networks: [network('imp', '_default', 0)],
        replicas,
        names: {
          answers: ['near', 'far'].map((service) => ({
            network: 'jaco_imp__default',
            service,
            a: answers('NXDOMAIN'),
            aaaa: answers('NXDOMAIN'),
          })),
          notAsked: [],
        },
      };
    };

    test('what runs on another node is not found', () => {
      const row = said(implicit('jaco-2'));
      expect(brief(row)).toBe('fail dns_default_network imp');
    });

    test('what runs here Docker itself knows', () => {
      const row = said(implicit('jaco-1'));
      expect(brief(row)).toBe('pass');
    });
  });
});

idsAndTextsArePinned('jaco', dnsAnswers);
