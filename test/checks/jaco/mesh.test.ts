import { describe, expect, test } from 'vitest';
import mesh from '../../../checks/jaco/mesh.ts';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { capturedTables } from '../../probes/host/captured-tables.ts';
import { brief, idsAndTextsArePinned, unquoted, words } from '../scene.ts';
import { none } from './scenes/dns-answer.ts';
import {
  HEALTHY_ROUTES,
  judgeIsolation,
  line,
  member,
  NOW,
  REPLICAS,
  RESET,
  remoteFlow,
  remoteRoute,
  replica,
  type Scene,
  SILENT,
} from './scenes/isolation-scene.ts';

const { entries } = await loadCatalog('jaco');

const SECOND = 1_000;

describe('mesh', () => {
  const two = [member('jaco-1', { wireguardPubkey: 'A' }), member('jaco-2', { wireguardPubkey: 'B' })];
  const said = (scene: Scene) => judgeIsolation({ members: two, alive: ['jaco-2'], ...scene })['mesh'];
  const peer = (handshakeAtMs: number | null, given = {}) => ({
    key: 'B',
    handshakeAtMs,
    received: 100,
    sent: 200,
    allowed: [[0x0af40900, 0x0af409ff] as const],
    ...given,
  });
  const crossing = (given = {}) => ({
    crossings: [
      {
        host: 'jaco-2',
        deployment: 'shop',
        network: 'jaco_shop_front',
        service: 'api',
        ip: '10.244.9.2',
        gateway: '10.244.9.1',
        via: 'jaco0',
        gatewaySaid: none('silent'),
        connect: { kind: 'no-answer', ms: 1_500 } as const,
        reached: false,
        sinceMs: NOW - 600 * SECOND,
        ...given,
      },
    ],
  });
  const NO_MODULE = line('daemon/grpc', 'wgmesh.EnsureInterface failed, mesh sync best-effort', {
    error: 'EnsureInterface: ip link add jaco0: exit status 2: Error: Unknown device type.',
  });

  test('is right where peers shake hands', () => {
    expect(brief(said({ mesh: { peers: [peer(NOW - 60 * SECOND)] } }))).toBe('pass');
  });

  test('two names that map to one address', () => {
    const row = said({ members: [member('jaco-15'), member('jaco-18'), member('jaco-1')], mesh: { peers: [] } });
    expect(brief(row)).toBe('warn mesh_address_collision jaco-15, jaco-18');
    expect(unquoted(row, '10.99.0.145')).toEqual([]);
  });

  test('no kernel for it is a warning while nothing is lost', () => {
    const row = said({ mesh: { interface: null, peers: null, inKernel: null }, log: [NO_MODULE] });
    expect(brief(row)).toBe('warn mesh_unavailable:no-kernel-module');
    expect(words(row)).toContain('Unknown device type');
  });

  test.each([
    [
      'a foreign interface',
      { interface: { kind: 'other', up: true }, peers: null },
      'warn mesh_unavailable:not-wireguard',
    ],
    ['one that is down', { interface: { kind: 'wireguard', up: false } }, 'warn mesh_unavailable:interface-down'],
    ['a living peer that never shook hands', { peers: [peer(null)] }, 'warn mesh_unavailable:no-handshake jaco-2'],
    ['one that did long ago', { peers: [peer(NOW - 600 * SECOND)] }, 'warn mesh_unavailable:no-handshake jaco-2'],
  ] as const)('%s', (_, mesh, expected) => {
    expect(brief(said({ mesh: mesh as never }))).toBe(expected);
  });

  test('a dead node shakes no hands, and a young daemon has not yet', () => {
    expect(brief(said({ mesh: { peers: [peer(null)] }, alive: [] }))).toBe('pass');
    const young = said({ mesh: { peers: [peer(null)] }, started: NOW - 20 * SECOND });
    expect(brief(young)).toBe('pass');
    expect(unquoted(young, 'jaco-2')).toEqual([]);
  });

  test('a member that joined a moment ago has shaken no hands yet', () => {
    const joined = (agoMs: number) => [
      two[0] as never,
      member('jaco-2', { wireguardPubkey: 'B', joinedAtMs: NOW - agoMs }),
    ];
    expect(brief(said({ members: joined(10 * SECOND), mesh: { peers: [peer(null)] } }))).toBe('pass');
    expect(brief(said({ members: joined(90 * SECOND), mesh: { peers: [peer(null)] } }))).toContain('no-handshake');
    // An earlier handshake shows that the mesh is not new.
    const before = said({ members: joined(10 * SECOND), mesh: { peers: [peer(NOW - 600 * SECOND)] } });
    expect(brief(before)).toContain('no-handshake');
  });

  test('lost traffic is a failure, with the visible reason', () => {
    const row = said({ crossings: crossing(), mesh: { peers: [peer(NOW - 600 * SECOND)] } });
    expect(brief(row)).toBe('fail mesh_unavailable_spanning:no-handshake jaco-2');
    expect(unquoted(row, '10.244.9.2', '10.244.9.1', '2.0 s')).toEqual([]);
    expect(row?.findings[0]?.values).toEqual({ first: 'jaco-1', second: 'jaco-2' });
    const bare = said({
      crossings: crossing({ via: 'eth0' }),
      mesh: { interface: null, peers: null },
      log: [NO_MODULE],
    });
    expect(brief(bare)).toBe('fail mesh_unavailable_spanning:no-kernel-module jaco-2');
    expect(unquoted(bare, 'eth0', 'jaco0')).toEqual([]);
    expect(brief(said({ crossings: crossing(), mesh: { peers: [peer(NOW, { allowed: [] })] } }))).toContain(':no-peer');
    expect(brief(said({ crossings: crossing(), mesh: { peers: [peer(NOW)] } }))).toContain(':unknown');
    expect(brief(said({ crossings: crossing(), mesh: { interface: null, peers: null } }))).toContain(':no-interface');
  });

  test('a new deployment has no route to its other half yet', () => {
    const row = said({ crossings: crossing({ sinceMs: NOW - 12 * SECOND }), mesh: { peers: [peer(NOW)] } });
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, '10.244.9.1', 'jaco-2')).toEqual([]);
    expect(
      brief(said({ crossings: crossing({ sinceMs: NOW - 40 * SECOND }), mesh: { peers: [peer(NOW)] } })),
    ).toContain('fail mesh_unavailable_spanning');
  });

  test('traffic that passes is proof, for any interface', () => {
    const passes = crossing({ reached: true });
    const row = said({
      crossings: passes,
      mesh: { interface: { kind: 'other', up: true }, peers: null, peersUnseen: 'no WireGuard' },
    });
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, 'jaco-2')).toEqual([]);
  });

  test('invisible handshakes are unknown if nothing else shows the state', () => {
    const unseen = { peers: null, peersUnseen: 'Unable to access interface: Operation not permitted' };
    expect(brief(said({ mesh: unseen }))).toBe('unknown');
    expect(brief(said({ mesh: unseen, crossings: crossing({ reached: true }) }))).toBe('pass');
  });

  describe('measured from inside a container', () => {
    const spanning = [
      ...REPLICAS,
      replica('shop-api-0', { jaco_shop_front: '10.244.9.2' }, { host: 'jaco-2' }),
      replica('shop-api-1', { jaco_shop_front: '10.244.9.3' }, { host: 'jaco-2' }),
    ];
    const rows = (scene: Scene) =>
      judgeIsolation({
        members: two,
        alive: ['jaco-2'],
        replicas: spanning,
        kernel: { routes: [...HEALTHY_ROUTES.routes, remoteRoute()] },
        mesh: { peers: [peer(NOW)] },
        ...scene,
      });
    const briefs = (scene: Scene): Record<string, string> =>
      Object.fromEntries(
        ['kernel-network', 'container-traffic', 'mesh']
          .map((name) => [name, brief(rows(scene)[name])] as const)
          .filter(([, text]) => text !== 'pass'),
      );
    /** A rule that drops traffic to the pool through an interface. */
    const drop = (oif: string) => [
      ...capturedTables('nft-ruleset-healthy-scopes.json'),
      {
        family: 'inet',
        name: 'fw',
        from: 'nft',
        sets: [],
        chains: [
          {
            name: 'forward',
            base: { type: 'filter', hook: 'forward', priority: 0, policy: 'accept' },
            rules: [
              {
                predicates: [
                  { field: 'oif', not: false, names: [oif] },
                  { field: 'daddr', not: false, ranges: [[0x0af40000, 0x0af4ffff]] },
                ],
                verdict: { kind: 'drop' },
                text: `oifname "${oif}" drop`,
                handle: 2,
                extended: false,
                untracks: false,
              },
            ],
          },
        ],
      } as never,
    ];

    test('a replica of the other node answers: the mesh works, though the other node filters its gateway', () => {
      expect(briefs({ flows: [remoteFlow(RESET)], crossings: crossing() })).toEqual({});
    });

    test('one replica of two answers: the path works', () => {
      expect(briefs({ flows: [remoteFlow(SILENT), remoteFlow(RESET, '10.244.9.3')] })).toEqual({});
    });

    test("a firewall on the other node drops what is for its containers, and the peer's gateway answers: the path is lost", () => {
      expect(briefs({ flows: [remoteFlow(SILENT)], crossings: crossing({ reached: true }) })).toEqual({
        mesh: 'fail mesh_unavailable_spanning:unknown jaco-2',
      });
    });

    test('a rule of this host drops it: that rule leads, and the mesh follows', () => {
      const scene = { flows: [remoteFlow(SILENT)], tables: drop('jaco0') };
      expect(briefs(scene)).toEqual({
        'container-traffic': 'fail foreign_firewall_drop:nft-forward',
        mesh: 'fail mesh_unavailable_spanning:local-rule jaco-2',
      });
      const leads = entries.find(({ id }) => id === 'mesh_unavailable_spanning')?.symptomOf;
      expect(leads).toContain('foreign_firewall_drop');
    });

    test('a rule of this host marks the packets before they are routed: it is named with the loss', () => {
      const marks = {
        family: 'inet',
        name: 'vpn',
        from: 'nft',
        sets: [],
        chains: [
          {
            name: 'pre',
            base: { type: 'filter', hook: 'prerouting', priority: -150, policy: 'accept' },
            rules: [
              {
                predicates: [{ field: 'iif', not: false, names: ['jaco-*'] }],
                verdict: { kind: 'none' },
                marks: [{ target: 'mark', retain: 0, source: null, keep: 0, flip: 9 }],
                text: 'iifname "jaco-*" meta mark set 9',
                handle: 3,
                extended: false,
                untracks: false,
              },
            ],
          },
        ],
      } as never;
      const scene = {
        flows: [remoteFlow(SILENT)],
        tables: [...capturedTables('nft-ruleset-healthy-scopes.json'), marks],
      };
      expect(briefs(scene)).toEqual({ mesh: 'fail mesh_unavailable_spanning:unknown jaco-2' });
      expect(unquoted(rows(scene)['mesh'], 'iifname "jaco-*" meta mark set 9')).toEqual([]);
    });

    test('the interface is down: no rule is reported for packets that never reached one', () => {
      const mesh = { interface: { kind: 'wireguard', up: false } } as const;
      const kernel = { routes: [...HEALTHY_ROUTES.routes, remoteRoute({ dev: 'eth0' })] };
      expect(briefs({ flows: [remoteFlow(SILENT)], tables: drop('eth0'), mesh, kernel })).toEqual({
        mesh: 'fail mesh_unavailable_spanning:interface-down jaco-2',
      });
    });

    test.each([
      ['another interface', remoteRoute({ dev: 'eth0', gateway: '10.82.0.254' })],
      ['nowhere', { kind: 'error', to: '10.244.9.2', forwarded: remoteRoute().forwarded, error: 'Invalid argument' }],
    ] as const)('the kernel leads the packets to %s: the route is the finding, if they are lost', (_, route) => {
      const kernel = { routes: [...HEALTHY_ROUTES.routes, route] };
      expect(briefs({ flows: [remoteFlow(SILENT)], kernel })).toEqual({
        'kernel-network': 'fail route_to_pool_wrong:pool-elsewhere jaco_shop_front',
        mesh: 'fail mesh_unavailable_spanning:route jaco-2',
      });
      expect(briefs({ flows: [remoteFlow(RESET)], kernel })).toEqual({});
    });

    test('there is no route', () => {
      const error = 'Network is unreachable';
      const route = { kind: 'error', to: '10.244.9.2', forwarded: remoteRoute().forwarded, error } as const;
      expect(briefs({ flows: [remoteFlow(SILENT)], kernel: { routes: [...HEALTHY_ROUTES.routes, route] } })).toEqual({
        mesh: 'fail mesh_unavailable_spanning:route jaco-2',
      });
    });

    test('the kernel does not forward: its missing route is not a wrong one, and the loss says nothing of the mesh', () => {
      const route = { ...remoteRoute(), kind: 'error', error: 'No route to host' } as const;
      const scene = { flows: [remoteFlow(SILENT)], kernel: { routes: [...HEALTHY_ROUTES.routes, route] } };
      expect(briefs({ ...scene, forwarding: { all: false } })).toEqual({
        'kernel-network': 'fail ip_forward_disabled:host',
      });
      expect(briefs(scene)['kernel-network']).toBe('fail route_to_pool_wrong:pool-elsewhere jaco_shop_front');
    });

    test('the tunnel is dead: its peer never shook hands, or the node has no peer for these addresses', () => {
      const lost = (mesh: Scene['mesh'] & object) => briefs({ flows: [remoteFlow(SILENT)], mesh })['mesh'];
      expect(lost({ peers: [peer(null)] })).toBe('fail mesh_unavailable_spanning:no-handshake jaco-2');
      expect(lost({ peers: [peer(NOW, { allowed: [] })] })).toBe('fail mesh_unavailable_spanning:no-peer jaco-2');
    });

    test('the other node cannot reach its container, but is reachable itself: the mesh works', () => {
      const rejected = {
        kind: 'lost',
        reply: { kind: 'rejected', code: 'EHOSTUNREACH', ms: 900 },
        openPorts: [],
      } as const;
      const scene = { flows: [remoteFlow(rejected)], crossings: crossing({ reached: true }) };
      expect(briefs(scene)).toEqual({});
      expect(rows(scene)['mesh']?.notes).toHaveLength(1);
      // A firewall refuses at once.
      const refused = { ...rejected, reply: { ...rejected.reply, ms: 1 } };
      expect(briefs({ ...scene, flows: [remoteFlow(refused)] })['mesh']).toContain('mesh_unavailable_spanning');
    });

    test('a replica that ended during the run says nothing about the path', () => {
      const scene = { flows: [remoteFlow(SILENT)], crossings: crossing({ reached: true }) };
      expect(briefs({ ...scene, unchanged: [] })).toEqual({});
      expect(briefs({ ...scene, unchanged: ['shop-api-0'] })['mesh']).toContain('mesh_unavailable_spanning');
    });
  });

  test('a single member has no other node to reach', () => {
    expect(brief(said({ members: [member('jaco-1')] }))).toBe('not-applicable');
  });
});

idsAndTextsArePinned('jaco', mesh);
