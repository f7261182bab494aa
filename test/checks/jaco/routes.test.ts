import { describe, expect, test } from 'vitest';
import routes from '../../../checks/jaco/routes.ts';
import { brief, failure, idsAndTextsArePinned, unquoted, words } from '../scene.ts';
import {
  accepts,
  config,
  judgeIngress,
  loaded,
  NOW,
  refuses,
  route,
  type Scene,
  SOCKETS,
  socket,
  usable,
} from './scenes/ingress-scene.ts';
import { containerWith, deployment, unreported } from './scenes/runtime-scene.ts';

const SECOND = 1_000;
const MINUTE = 60_000;

const EMPTY = config(loaded({ upstreams: [] }));
const serviceWith = (replicas: number, networks = ['back']) => [
  deployment({ services: [{ name: 'web', replicas, placement: 'spread', hosts: [], networks }] }),
];

describe('routes', () => {
  const said = (scene: Scene) => judgeIngress(scene).routes;

  test('a route with an upstream that accepts connections', () => {
    expect(brief(said({}))).toBe('pass');
    expect(brief(said({ routes: [] }))).toBe('not-applicable');
  });

  describe('a route has no upstream', () => {
    const none = (scene: Scene) => brief(said({ config: EMPTY, ...scene }));

    test('zero replicas', () => {
      const row = said({ config: EMPTY, rows: [], deployments: serviceWith(0) });
      expect(brief(row)).toBe('fail route_no_upstreams:zero-replicas shop.test');
      expect(row?.findings[0]).toMatchObject({
        isRoot: true,
        node: 'jaco-1',
        values: { domain: 'shop.test', service: 'web' },
      });
    });

    test('no replica is running', () => {
      expect(none({ rows: [] })).toBe('fail route_no_upstreams:not-running shop.test');
      const row = said({ config: EMPTY, rows: [usable({ state: 'failed', code: 'restart_exhausted' })] });
      expect(brief(row)).toBe('fail route_no_upstreams:not-running shop.test');
      expect(unquoted(row, 'shop-web-0', 'FAILED (restart_exhausted)')).toEqual([]);
      expect(row?.findings[0]?.isRoot).toBeUndefined();
    });

    test('the last health report is older than 10 s', () => {
      const row = said({ config: EMPTY, rows: [usable({ host: 'jaco-2', lastHealthAtMs: NOW - 42 * SECOND })] });
      expect(brief(row)).toBe('fail route_no_upstreams:stale shop.test');
      expect(unquoted(row, 'jaco-2', '42 s', '2026-11-21T11:59:18Z')).toEqual([]);
      expect(none({ rows: [usable({ lastHealthAtMs: null })] })).toContain('stale');
    });

    test('jaco.yaml names other networks than the compose file', () => {
      const row = said({ config: EMPTY, deployments: serviceWith(1, ['front']) });
      expect(brief(row)).toBe('fail route_no_upstreams:networks-override shop.test');
      expect(unquoted(row, 'jaco_shop_front', 'jaco_shop_back')).toEqual([]);
    });

    test('a container was disconnected from its network', () => {
      expect(none({ rows: [usable({ ips: {} })] })).toBe('fail route_no_upstreams:no-address shop.test');
    });

    test('the proxy does not have what JACO would use', () => {
      expect(none({})).toBe('fail route_no_upstreams:unknown shop.test');
    });

    test('a replica that is being started is waited for', () => {
      const young = [deployment({ updatedAtMs: NOW - 8 * SECOND })];
      const cases: readonly Scene[] = [
        { rows: [unreported()], deployments: young },
        { rows: [], deployments: young },
        { rows: [usable({ state: 'pulling', lastHealthAtMs: null })] },
        { rows: [usable({ ips: {}, startedAtMs: NOW - 3 * SECOND })] },
        {
          rows: [usable({ state: 'degraded' })],
          containers: [containerWith({ startedAtMs: NOW - 4 * SECOND })],
        },
      ];
      for (const scene of cases) {
        const row = said({ config: EMPTY, ...scene });
        expect(brief(row)).toBe('pass');
        expect(row?.notes[0]).toMatch(/^wait: shop\.test has no upstream yet/);
      }
    });

    test('a pull that fails is not waited for', () => {
      expect(none({ rows: [usable({ state: 'pulling', reason: 'unauthorized' })] })).toContain('not-running');
    });

    test('routes of one service are one finding', () => {
      const others = ['/a', '/b'].map((path) => route({ path }));
      const row = said({
        routes: [route(), ...others],
        config: config(...['', '/a/*', '/b/*'].map((pattern) => loaded({ pattern, upstreams: [] }))),
        rows: [],
      });
      expect(row?.findings).toHaveLength(1);
      expect(unquoted(row, 'shop.test/a', 'shop.test/b')).toEqual([]);
    });
  });

  describe('an upstream does not accept connections', () => {
    const reached = (scene: Scene) => said({ connects: [refuses()], ...scene });
    const ports = (...sockets: readonly { address: string; port: number }[]) => [{ replica: 'shop-web-0', sockets }];

    test('nothing listens on the port of the route', () => {
      expect(brief(reached({}))).toBe('fail route_upstream_unreachable:refused shop.test');
      const row = reached({ ports: ports() });
      expect(brief(row)).toBe('fail route_upstream_unreachable:refused shop.test');
      expect(unquoted(row, '10.244.0.2:8080', 'shop-web-0', 'this node')).toEqual([]);
      expect(row?.findings[0]).toMatchObject({ isRoot: true, values: { port: '8080', host: 'jaco-1' } });
    });

    test('the program listens on another port, or on 127.0.0.1 only', () => {
      const other = reached({ ports: ports({ address: '0.0.0.0', port: 3000 }) });
      expect(brief(other)).toBe('fail route_upstream_unreachable:other-port shop.test');
      expect(other?.findings[0]?.values).toMatchObject({ listening: '3000', port: '8080' });
      const local = reached({ ports: ports({ address: '127.0.0.1', port: 8080 }, { address: '::', port: 9100 }) });
      expect(brief(local)).toBe('fail route_upstream_unreachable:loopback-only shop.test');
      const two = reached({ ports: ports({ address: '::', port: 3000 }, { address: '::', port: 9100 }) });
      expect(brief(two)).toBe('fail route_upstream_unreachable:refused shop.test');
      expect(unquoted(two, '[::]:3000', '[::]:9100')).toEqual([]);
    });

    test('packets to a container here, or on another node, are lost', () => {
      const lost = [{ dial: '10.244.0.2:8080', kind: 'lost', code: null } as const];
      const row = reached({ connects: lost });
      expect(brief(row)).toBe('fail route_upstream_unreachable:timeout shop.test');
      expect(row?.findings[0]?.isRoot).toBeUndefined();
      const away = reached({ connects: lost, rows: [usable({ host: 'jaco-2' })] });
      expect(brief(away)).toBe('fail route_upstream_unreachable:other-node shop.test');
      expect(away?.findings[0]?.values).toMatchObject({ host: 'jaco-2' });
      const code = 'EHOSTUNREACH';
      const unreachable = reached({ connects: [{ dial: '10.244.0.2:8080', kind: 'no-route', code }] });
      expect(brief(unreachable)).toBe('fail route_upstream_unreachable:no-route shop.test');
      expect(unquoted(unreachable, code)).toEqual([]);
    });

    test('the route names a port that does not exist', () => {
      const dial = '10.244.0.2:70000';
      const row = reached({
        routes: [route({ port: 70_000 })],
        config: config(loaded({ upstreams: [dial] })),
        connects: [{ dial, kind: 'invalid', code: null }],
      });
      expect(brief(row)).toBe('fail route_upstream_unreachable:invalid-port shop.test');
      expect(row?.findings[0]?.isRoot).toBe(true);
    });

    test('one of two replicas refuses: the proxy tries the other one', () => {
      const second = '10.244.0.3:8080';
      const row = reached({
        config: config(loaded({ upstreams: ['10.244.0.2:8080', second] })),
        connects: [accepts(), refuses(second)],
        rows: [usable(), usable({ id: 'shop-web-1', ips: { jaco_shop_back: '10.244.0.3' } })],
      });
      expect(brief(row)).toBe('warn warn route_upstream_unreachable:refused shop.test');
      expect(unquoted(row, 'shop-web-1')).toEqual([]);
    });

    test('a program that was started seconds ago is waited for', () => {
      const row = reached({ rows: [usable({ startedAtMs: NOW - 20 * SECOND })] });
      expect(brief(row)).toBe('pass');
      expect(row?.notes[0]).toMatch(/^wait: shop-web-0 has been running for 20 s/);
    });

    test('a connection that this process could not make is not a finding', () => {
      const connect = { dial: '10.244.0.2:8080', kind: 'not-measured', code: 'EMFILE' } as const;
      expect(brief(reached({ connects: [connect] }))).toBe('unknown');
    });

    test('an upstream without a replica, and one that resets', () => {
      const gone = reached({
        config: config(loaded({ upstreams: ['10.244.0.9:8080'] })),
        connects: [refuses('10.244.0.9:8080')],
      });
      expect(brief(gone)).toBe('fail route_upstream_unreachable:refused shop.test');
      const reset = reached({ connects: [{ dial: '10.244.0.2:8080', kind: 'reset', code: 'ECONNRESET' }] });
      expect(brief(reset)).toBe('fail route_upstream_unreachable:other shop.test');
    });
  });

  describe('with --deep the applications are asked', () => {
    const asked = { domain: 'shop.test', pattern: '', dial: '10.244.0.2:8080' };

    test("an application's own 401, 404 or 500 is not the fault of the proxy", () => {
      for (const status of [200, 401, 404, 500]) {
        const row = said({ answers: [{ ...asked, kind: 'status', status }] });
        expect(brief(row)).toBe('pass');
        expect(unquoted(row, `HTTP ${status}`)).toEqual([]);
      }
    });

    test('an application accepts and never answers', () => {
      const detail = 'http://10.244.0.2:8080: connected, then no byte of an answer within 2000 ms';
      const row = said({ answers: [{ ...asked, kind: 'silent', detail }] });
      expect(brief(row)).toBe('fail route_upstream_unreachable:no-answer shop.test');
      expect(words(row)).toContain(detail);
    });

    test('a program answers something else than HTTP', () => {
      const row = said({ answers: [{ ...asked, kind: 'failed', detail: 'not-http' }] });
      expect(brief(row)).toBe('fail route_upstream_unreachable:not-http shop.test');
    });
  });

  describe('a declared route is not the stored one', () => {
    const declared = (deployment: string, path = '', domain = 'shop.test') => ({
      deployment,
      routes: [{ domain, path, service: 'web' }],
      problem: null,
    });
    const both = [deployment(), deployment({ name: 'blog', updatedAtMs: NOW - 5 * MINUTE })];

    test('another deployment took it with a later apply', () => {
      const row = said({
        deployments: both,
        routes: [route({ deployment: 'blog' })],
        rows: [usable({ deployment: 'blog', ips: { jaco_blog_back: '10.244.0.2' } })],
        declared: [declared('shop'), declared('blog')],
      });
      expect(brief(row)).toBe('fail route_taken:taken shop.test');
      expect(row?.findings[0]?.values).toEqual({ domain: 'shop.test', deployment: 'shop' });
      expect(unquoted(row, 'blog', '2026-11-21T11:55:00Z', '2026-11-21T11:00:00Z')).toEqual([]);
    });

    test('it disappeared with the deployment that took it', () => {
      const row = said({ routes: [], declared: [declared('shop', '/api')] });
      expect(brief(row)).toBe('fail route_taken:missing shop.test/api');
    });

    test('declared and stored are the same', () => {
      expect(brief(said({ declared: [declared('shop')] }))).toBe('pass');
    });

    test('a route for / takes every request from the route without a path', () => {
      const scene = (given: object): Scene => ({
        routes: [route(), route({ path: '/', ...given })],
        config: config(loaded(), loaded({ pattern: '/*' })),
      });
      const row = said(scene({ service: 'api' }));
      expect(brief(row)).toBe('fail route_taken:shadowed shop.test');
      expect(unquoted(row, 'api', 'web')).toEqual([]);
      expect(brief(said(scene({})))).toBe('pass');
    });

    test('a manifest that cannot be read is named', () => {
      const problem = 'the stored jaco.yaml cannot be read: BAD_INDENT';
      const row = said({ declared: [{ deployment: 'shop', routes: [], problem }] });
      expect(brief(row)).toBe('unknown');
      expect(words(row)).toContain('BAD_INDENT');
    });
  });

  describe('parts that are not visible', () => {
    test('the proxy has loaded nothing, because a port is taken: this row follows', () => {
      const nginx = socket(80, { pid: 88, program: 'nginx' });
      const rows = judgeIngress({
        config: { kind: 'none' },
        sockets: [...SOCKETS.filter(({ port }) => port !== 80), nginx],
      });
      expect(brief(rows.routes)).toBe('blocked by ingress_port_conflict');
    });

    test('the admin endpoint is silent: the rule of JACO decides, and connects are unknown', () => {
      const silent = failure('jaco.proxy-config', 'silent', 'first-byte', 'no byte of an answer');
      expect(brief(said({ config: silent }))).toBe('unknown');
      expect(brief(said({ config: silent, rows: [] }))).toBe('fail route_no_upstreams:not-running shop.test');
    });

    test('a route that is not loaded is not called good', () => {
      const row = said({ routes: [route(), route({ domain: 'late.test' })] });
      expect(brief(row)).toBe('unknown');
      expect(words(row)).toContain('late.test');
    });

    test("the clock of a laptop is not the nodes': a report that is renewed is recent", () => {
      const rows = [usable({ lastHealthAtMs: NOW - MINUTE })];
      expect(brief(said({ remote: true, rows, beating: ['shop-web-0'] }))).toBe('pass');
      expect(brief(said({ remote: true, rows }))).toBe('fail route_no_upstreams:stale shop.test');
      // On a node the proxy uses the same clock, and omits the replica.
      expect(brief(said({ rows, beating: ['shop-web-0'], config: EMPTY }))).toBe(
        'fail route_no_upstreams:stale shop.test',
      );
    });

    test('from outside the stored state is judged', () => {
      expect(brief(said({ remote: true }))).toBe('pass');
      expect(words(said({ remote: true }))).toContain("by JACO's state");
      expect(brief(said({ remote: true, rows: [] }))).toBe('fail route_no_upstreams:not-running shop.test');
    });
  });
});

idsAndTextsArePinned('jaco', routes);
