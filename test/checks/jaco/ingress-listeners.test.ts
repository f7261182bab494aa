import { describe, expect, test } from 'vitest';
import ingressListeners from '../../../checks/jaco/ingress-listeners.ts';
import { brief, failure, idsAndTextsArePinned, unquoted, words } from '../scene.ts';
import { config, judgeIngress, loaded, NOW, route, type Scene, SOCKETS, socket } from './scenes/ingress-scene.ts';
import { deployment } from './scenes/runtime-scene.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const BUSY =
  'loading new config: http app module: start: listening on :80: listen tcp :80: bind: address already in use';

const nginx = socket(80, { address: '0.0.0.0', pid: 88, program: 'nginx' });
const without = (port: number) => SOCKETS.filter((one) => one.port !== port);
const refusal = (agoMs: number, text = BUSY, port: number | null = 80) => ({
  sinceMs: NOW - 10 * MINUTE,
  atMs: NOW - agoMs,
  text,
  busy: port === null ? null : ({ protocol: 'tcp', port } as const),
});

describe('ingress-listeners', () => {
  const said = (scene: Scene) => judgeIngress(scene)['ingress-listeners'];

  test('every route is loaded, and the age of the configuration is shown', () => {
    const row = said({});
    expect(brief(row)).toBe('pass');
    expect(words(row)).toMatch(/1 of 1 routes.*2026-11-21T11:00:00Z/);
  });

  test('nothing listens before the first route', () => {
    expect(brief(said({ routes: [], sockets: [] }))).toBe('not-applicable');
  });

  test('a web server has port 80 before the first route: nothing is loaded', () => {
    const scene = {
      sockets: [...without(80).filter(({ port }) => port !== 443), nginx],
      config: { kind: 'none' } as const,
      lines: { loadedAtMs: null, refusal: refusal(2 * SECOND) },
    };
    const row = said(scene);
    expect(brief(row)).toBe('fail ingress_port_conflict:held TCP 80');
    expect(row?.findings[0]?.values).toEqual({ port: '80', holder: '"nginx" (pid 88)' });
    expect(unquoted(row, '"nginx" (pid 88)', BUSY, '2026-11-21T11:50:00Z')).toEqual([]);
    // This needs neither the journal nor the admin endpoint.
    expect(brief(said({ ...scene, lines: { seen: false, loadedAtMs: null } }))).toBe(
      'fail ingress_port_conflict:held TCP 80',
    );
    const closed = failure('jaco.proxy-config', 'refused', 'connect', '127.0.0.1:2019 refuses');
    expect(brief(said({ ...scene, config: closed, lines: { seen: false } }))).toBe(
      'fail ingress_port_conflict:held TCP 80',
    );
  });

  test('a published port freezes the configuration: an old route stays, a later one is missing', () => {
    const row = said({
      routes: [route(), route({ domain: 'late.test' })],
      sockets: [...SOCKETS, socket(9092, { pid: 30237, program: 'busybox' })],
      config: config(loaded(), loaded({ domain: 'gone.test' })),
      lines: {
        refusal: refusal(SECOND, 'layer4 app module: start: listen tcp :9092: bind: address already in use', 9092),
      },
    });
    expect(brief(row)).toBe('fail ingress_port_conflict:held TCP 9092');
    expect(unquoted(row, '"busybox" (pid 30237)', 'late.test', 'gone.test', '10 min')).toEqual([]);
  });

  test('a frozen configuration that has every route has old upstreams', () => {
    const row = said({
      sockets: [...without(443), socket(443, { pid: 9, program: 'haproxy' })],
      lines: { refusal: refusal(SECOND, BUSY, 443) },
    });
    expect(brief(row)).toBe('fail ingress_port_conflict:held TCP 443');
    expect(words(row)).toContain('frozen');
  });

  test('the holder is visible to root only', () => {
    const hidden = socket(80, { pid: null, program: null, uid: 0 });
    const scene = {
      sockets: [...without(80), hidden],
      config: { kind: 'none' } as const,
      lines: { refusal: refusal(SECOND) },
    };
    expect(brief(said(scene))).toBe('fail ingress_port_conflict:held TCP 80');
    const unseen = said({ ...scene, lines: { seen: false, loadedAtMs: null } });
    expect(brief(unseen)).toBe('unknown');
    expect(words(unseen)).toContain('only root can see');
    const other = said({ ...scene, sockets: [...without(80), { ...hidden, uid: 33 }], lines: { seen: false } });
    expect(brief(other)).toBe('fail ingress_port_conflict:held TCP 80');
    expect(words(other)).toContain('uid 33');
  });

  test('the port is free again: the next health report loads the configuration, or nothing does', () => {
    const scene = { sockets: without(80), config: { kind: 'none' } as const };
    const soon = said({ ...scene, lines: { refusal: refusal(3 * SECOND) } });
    expect(brief(soon)).toBe('pass');
    expect(soon?.notes[0]).toMatch(/^wait: TCP 80/);
    expect(brief(said({ ...scene, lines: { refusal: refusal(MINUTE) } }))).toBe(
      'fail ingress_port_conflict:freed TCP 80',
    );
  });

  test('two programs listen on one port, and each gets a part of the connections', () => {
    const row = said({ sockets: [...SOCKETS, socket(443, { pid: 31, program: 'caddy' })] });
    expect(brief(row)).toBe('fail ingress_port_conflict:shared TCP 443');
    expect(unquoted(row, '"caddy" (pid 31)')).toEqual([]);
  });

  test('several sockets of the daemon on one port are not a conflict', () => {
    const published = {
      kind: 'loaded',
      routes: [loaded()],
      published: [{ port: 9091, upstreams: [] }],
      omitted: 0,
    } as const;
    expect(brief(said({ config: published, sockets: [...SOCKETS, socket(9091), socket(9091)] }))).toBe('pass');
  });

  test('the admin port: a socket on another address does not take it', () => {
    expect(brief(said({ sockets: [...SOCKETS, socket(2019, { address: '::1', pid: 5, program: 'caddy' })] }))).toBe(
      'pass',
    );
    const row = said({
      sockets: [socket(2019, { address: '127.0.0.1', pid: 5, program: 'caddy' })],
      config: { kind: 'foreign' },
      lines: { seen: false },
    });
    expect(brief(row)).toBe('fail ingress_port_conflict:held TCP 2019');
  });

  test('the daemon may not bind low ports, or the proxy refuses for another reason', () => {
    const scene = { sockets: [], config: { kind: 'none' } as const };
    const denied = 'listening on :80: listen tcp :80: bind: permission denied';
    expect(brief(said({ ...scene, lines: { refusal: refusal(SECOND, denied, null) } }))).toBe(
      'fail ingress_load_failed:bind-denied',
    );
    const row = said({ ...scene, lines: { refusal: refusal(SECOND, 'decoding module config: unknown field', null) } });
    expect(brief(row)).toBe('fail ingress_load_failed:other');
    expect(unquoted(row, 'decoding module config: unknown field')).toEqual([]);
  });

  test('a route that is seconds old, and a daemon that is, are waited for', () => {
    const young = [deployment({ updatedAtMs: NOW - 2 * SECOND })];
    const missing = said({ routes: [route(), route({ domain: 'new.test' })], deployments: young });
    expect(brief(missing)).toBe('pass');
    expect(missing?.notes[0]).toMatch(/^wait: .*new\.test/);
    expect(said({ config: { kind: 'none' }, started: NOW - 3 * SECOND })?.notes[0]).toMatch(/^wait: /);
  });

  test('a route is not loaded, and nothing says why', () => {
    const row = said({ routes: [route(), route({ domain: 'old.test' })] });
    expect(brief(row)).toBe('unknown');
    expect(words(row)).toMatch(/old\.test.*does not say why/);
    expect(words(said({ config: { kind: 'none' }, lines: { seen: false } }))).toContain('could not be read');
  });

  test('the admin endpoint accepts and is silent', () => {
    const row = said({
      config: failure('jaco.proxy-config', 'silent', 'first-byte', 'http://127.0.0.1:2019: no byte'),
    });
    expect(brief(row)).toBe('unknown');
    expect(words(row)).toContain('no byte');
  });

  test('a recording of an earlier version, and a run from outside', () => {
    expect(brief(said({ routes: 'not-recorded' }))).toBe('not-applicable');
    expect(brief(said({ remote: true }))).toBe('not-applicable');
  });
});

idsAndTextsArePinned('jaco', ingressListeners);
