import { describe, expect, test } from 'vitest';
import dnsListeners from '../../../checks/jaco/dns-listeners.ts';
import { brief, idsAndTextsArePinned, unquoted, words } from '../scene.ts';
import {
  flow,
  judgeIsolation,
  listens,
  NOW,
  network,
  RESOLVED,
  resolvedNames,
  type Scene,
  SOCKETS,
} from './scenes/isolation-scene.ts';

const SECOND = 1_000;

describe('dns-listeners', () => {
  const said = (scene: Scene) => judgeIsolation(scene)['dns-listeners'];
  const others = SOCKETS.filter(({ address }) => address !== '10.244.0.1');
  const dnsmasq = { pid: 77, program: 'dnsmasq', uid: 0 };

  test('another resolver has the port of a gateway, or of every address', () => {
    for (const address of ['10.244.0.1', '0.0.0.0', '::']) {
      const row = said({ sockets: [...others, ...listens(address, dnsmasq)] });
      expect(brief(row)).toBe('fail dns_listener_missing:port-taken jaco_shop_back');
      expect(words(row)).toContain(`10.244.0.1:53 over UDP: "dnsmasq" (pid 77), at ${address}`);
      expect(row?.findings[0]?.values).toEqual({ holder: '"dnsmasq"' });
    }
  });

  test('one that came later and has all addresses does not take the port', () => {
    expect(brief(said({ sockets: [...SOCKETS, ...listens('0.0.0.0', dnsmasq)] }))).toBe('pass');
  });

  test("containers get JACO's answers all the same: packets decide", () => {
    const sockets = [...SOCKETS.filter(({ address }) => address !== '10.244.1.1'), ...listens('10.244.1.1', dnsmasq)];
    const asked = (...outcomes: readonly (typeof RESOLVED)[]) =>
      said({
        sockets,
        flows: outcomes.map((one, at) => flow(at === 0 ? 'resolver-udp' : 'resolver-tcp', 'jaco_shop_front', one)),
      });
    const row = asked(RESOLVED, RESOLVED);
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toHaveLength(1);
    const reply = { kind: 'answer', how: 'dns', rcode: 'NXDOMAIN', addresses: [], ms: 1 } as const;
    expect(brief(asked(RESOLVED, { kind: 'passed', reply }))).toContain('dns_listener_missing:port-taken');
  });

  test('no listener', () => {
    expect(brief(said({ sockets: others }))).toBe('fail dns_listener_missing:not-bound jaco_shop_back');
    const half = SOCKETS.filter(({ address, protocol }) => !(address === '10.244.0.1' && protocol === 'tcp'));
    expect(brief(said({ sockets: half }))).toBe('fail dns_listener_missing:not-bound jaco_shop_back');
    expect(unquoted(said({ sockets: half }), '10.244.0.1:53')).toEqual([]);
  });

  test('no listener is possible, because the bridge is missing', () => {
    const row = said({ sockets: others, addresses: ['10.82.0.1', '10.244.1.1', '10.244.2.1'] });
    expect(brief(row)).toBe('fail dns_listener_missing:no-address jaco_shop_back');
  });

  test('a network of seconds ago, and a daemon of seconds ago', () => {
    const young = network('shop', 'back', 0, { createdAtMs: NOW - 3 * SECOND });
    const row = said({ sockets: others, networks: [young] });
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, '5 s')).toEqual([]);
    expect(brief(said({ sockets: others, started: NOW - 3 * SECOND }))).toBe('pass');
  });

  test('without root the user of a socket shows its owner', () => {
    const seen = SOCKETS.map((socket) => ({ ...socket, pid: null, program: null }));
    expect(brief(said({ sockets: seen }))).toBe('pass');
    const root = seen.map((socket) => ({ ...socket, uid: 0 }));
    expect(brief(said({ sockets: root, uid: 0 }))).toBe('unknown');
    const row = said({ sockets: root });
    expect(brief(row)).toMatch(/^fail dns_listener_missing:port-taken jaco_shop_back /);
    expect(unquoted(row, '10.244.0.1')).toEqual([]);
  });

  test('names that are not asked for are explained by it', () => {
    const rows = judgeIsolation({
      sockets: others,
      names: { ...resolvedNames(), answers: resolvedNames().answers.slice(1), notAsked: ['jaco_shop_back'] },
    });
    expect(brief(rows['dns-answers'])).toBe('blocked by dns_listener_missing');
  });

  test('without a leader it is not known which networks there should be', () => {
    expect(said({ leader: '' })?.status).toBe('unknown');
  });

  test('no network, no listener', () => {
    expect(brief(said({ networks: [] }))).toBe('not-applicable');
  });
});

idsAndTextsArePinned('jaco', dnsListeners);
