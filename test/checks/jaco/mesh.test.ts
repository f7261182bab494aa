import { describe, expect, test } from 'vitest';
import mesh from '../../../checks/jaco/mesh.ts';
import { brief, idsAndTextsArePinned, words } from '../scene.ts';
import { none } from './scenes/dns-answer.ts';
import { judgeIsolation, line, member, NOW, type Scene } from './scenes/isolation-scene.ts';

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

  test('two names that come to one address', () => {
    const row = said({ members: [member('jaco-15'), member('jaco-18'), member('jaco-1')], mesh: { peers: [] } });
    expect(brief(row)).toBe('warn mesh_address_collision jaco-15, jaco-18');
    expect(words(row)).toContain('both come to 10.99.0.145');
  });

  test('no kernel for it is a warning while nothing is lost', () => {
    const row = said({ mesh: { interface: null, peers: null, inKernel: null }, log: [NO_MODULE] });
    expect(brief(row)).toBe('warn mesh_unavailable:no-kernel-module');
    expect(words(row)).toContain('Unknown device type');
  });

  test.each([
    [
      'somebody else’s interface',
      { interface: { kind: 'other', up: true }, peers: null },
      'warn mesh_unavailable:unknown',
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
    expect(words(young)).toContain('no handshake yet with jaco-2');
  });

  test('a member that joined a moment ago has shaken no hands yet', () => {
    const joined = (agoMs: number) => [
      two[0] as never,
      member('jaco-2', { wireguardPubkey: 'B', joinedAtMs: NOW - agoMs }),
    ];
    expect(brief(said({ members: joined(10 * SECOND), mesh: { peers: [peer(null)] } }))).toBe('pass');
    expect(brief(said({ members: joined(90 * SECOND), mesh: { peers: [peer(null)] } }))).toContain('no-handshake');
    // Hands that were shaken before are no youth.
    const before = said({ members: joined(10 * SECOND), mesh: { peers: [peer(NOW - 600 * SECOND)] } });
    expect(brief(before)).toContain('no-handshake');
  });

  test('traffic that is lost is a failure, with what is seen of the reason', () => {
    const row = said({ crossings: crossing(), mesh: { peers: [peer(NOW - 600 * SECOND)] } });
    expect(brief(row)).toBe('fail mesh_unavailable_spanning:no-handshake jaco-2');
    expect(words(row)).toContain(
      'api of shop at 10.244.9.2: its gateway 10.244.9.1 gave no answer within 2.0 s, and a connect to it: no answer',
    );
    expect(row?.findings[0]?.values).toEqual({ first: 'jaco-1', second: 'jaco-2' });
    const bare = said({
      crossings: crossing({ via: 'eth0' }),
      mesh: { interface: null, peers: null },
      log: [NO_MODULE],
    });
    expect(brief(bare)).toBe('fail mesh_unavailable_spanning:no-kernel-module jaco-2');
    expect(words(bare)).toContain('packets there leave by eth0, not by jaco0');
    expect(brief(said({ crossings: crossing(), mesh: { peers: [peer(NOW, { allowed: [] })] } }))).toContain(':no-peer');
    expect(brief(said({ crossings: crossing(), mesh: { peers: [peer(NOW)] } }))).toContain(':unknown');
    expect(brief(said({ crossings: crossing(), mesh: { interface: null, peers: null } }))).toContain(':no-interface');
  });

  test('a deployment of a moment ago has no way to its other half yet', () => {
    const row = said({ crossings: crossing({ sinceMs: NOW - 12 * SECOND }), mesh: { peers: [peer(NOW)] } });
    expect(brief(row)).toBe('pass');
    expect(words(row)).toContain('nothing comes back from 10.244.9.1 on jaco-2 yet: shop runs on both nodes');
    expect(
      brief(said({ crossings: crossing({ sinceMs: NOW - 40 * SECOND }), mesh: { peers: [peer(NOW)] } })),
    ).toContain('fail mesh_unavailable_spanning');
  });

  test('traffic that passes proves it, whatever the interface is', () => {
    const passes = crossing({ reached: true });
    const row = said({
      crossings: passes,
      mesh: { interface: { kind: 'other', up: true }, peers: null, peersUnseen: 'no WireGuard' },
    });
    expect(brief(row)).toBe('pass');
    expect(words(row)).toContain("packets to containers' networks on jaco-2 come back");
    expect(words(row)).toContain('is not encrypted by JACO');
  });

  test('handshakes that may not be seen are unknown where nothing else tells', () => {
    const unseen = { peers: null, peersUnseen: 'Unable to access interface: Operation not permitted' };
    expect(brief(said({ mesh: unseen }))).toBe('unknown');
    expect(brief(said({ mesh: unseen, crossings: crossing({ reached: true }) }))).toBe('pass');
  });

  test('one member has nobody to reach', () => {
    expect(said({ members: [member('jaco-1')] })?.reason).toContain('one member');
  });
});

idsAndTextsArePinned('jaco', mesh);
