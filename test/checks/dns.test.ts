import { describe, expect, test } from 'vitest';
import type { DnsFailure, DnsResult, Rcode } from '../../src/probes/io/dns/dns.ts';
import type { UpstreamAnswer } from '../../src/probes/jaco/network/upstream-answers.ts';
import {
  brief,
  deployment,
  fail,
  judgeIsolation,
  line,
  listens,
  member,
  NOW,
  network,
  replica,
  resolvedNames,
  type Scene,
  SOCKETS,
  words,
} from './isolation-scene.ts';

const SECOND = 1_000;
const answers = (rcode: Rcode, addresses: readonly string[] = [], given = {}): DnsResult => ({
  kind: 'answer',
  rcode,
  addresses,
  truncated: false,
  authoritative: true,
  ms: 2,
  ...given,
});
const none = (why: DnsFailure['why'], code: string | null = null, strays = 0): DnsResult => ({
  kind: 'failure',
  why,
  code,
  strays,
  ms: why === 'silent' ? 2_000 : 1,
});

describe('dns-upstreams', () => {
  const server = (outside: DnsResult, own: DnsResult = outside, tcp: DnsResult | null = null): UpstreamAnswer => ({
    kind: 'asked',
    outside: [{ name: 'example.com', answer: outside }],
    own: [{ name: 'localhost', answer: own }],
    tcp,
  });
  const GOOD = server(answers('NOERROR', ['192.0.2.1']));
  const said = (list: readonly UpstreamAnswer[], scene: Scene = {}) =>
    judgeIsolation({
      ...scene,
      config: `dns:\n  forwarders: [${list.map((_, at) => `"192.0.2.${at + 1}"`).join(', ')}]\n`,
      upstreams: { answers: list.map((answer, at) => ({ text: `192.0.2.${at + 1}:53`, answer })), omitted: 0 },
    })['dns-upstreams'];

  test.each([
    ['no answer', server(none('silent')), 'silent', 'no answer within 2.0 s'],
    [
      'nobody listens',
      server(none('refused', 'ECONNREFUSED')),
      'nobody-listens',
      'nobody listens there (ECONNREFUSED)',
    ],
    ['no way there', server(none('unreachable', 'ENETUNREACH')), 'no-route', 'it cannot be reached (ENETUNREACH)'],
    ['rubbish', server(none('garbled')), 'garbled', 'cannot be read'],
    [
      'wrong ids',
      server(none('silent', null, 2)),
      'silent',
      '4 answers came with an id or a question that nobody asked with',
    ],
    [
      'TCP only',
      server(none('silent'), none('silent'), answers('NOERROR')),
      'tcp-only',
      'it answers over TCP, which JACO does not use',
    ],
    [
      'REFUSED to everything',
      server(answers('REFUSED')),
      'refuses',
      'example.com: it answers REFUSED, and so to everything it was asked',
    ],
    ['SERVFAIL to everything', server(answers('SERVFAIL')), 'fails', 'example.com: it answers SERVFAIL'],
  ])('%s', (_, answer, cause, because) => {
    const row = said([answer]);
    expect(brief(row)).toBe(`fail dns_upstream_unreachable:${cause} 192.0.2.1:53`);
    expect(words(row)).toContain(because);
    expect(row?.findings[0]?.values).toMatchObject({ upstream_host: '192.0.2.1', upstream_port: '53' });
  });

  test('a question that this process could not send says nothing of the server', () => {
    const row = said([server(none('unreachable', 'EAFNOSUPPORT'))]);
    expect(brief(row)).toBe('unknown');
    expect(words(row)).toContain('EAFNOSUPPORT');
  });

  test('NXDOMAIN is an answer, and so is one without an address', () => {
    expect(brief(said([server(answers('NXDOMAIN'))]))).toBe('pass');
    expect(brief(said([server(answers('NOERROR'))]))).toBe('pass');
  });

  test('an answer cut short is a note', () => {
    expect(words(said([server(answers('NOERROR', [], { truncated: true }))]))).toContain('cut short to fit a datagram');
  });

  test('one dead of several, before and after one that lives', () => {
    const first = said([server(none('silent')), GOOD]);
    expect(brief(first)).toBe('fail dns_upstream_unreachable:silent 192.0.2.1:53');
    expect(words(first)).toContain('every outside name is asked here first and costs 2 s');
    const last = said([GOOD, server(none('silent'))]);
    expect(words(last)).toContain('a server before it answers');
  });

  test('one that lives and knows no outside names is right in a closed network', () => {
    const closed = server(answers('REFUSED'), answers('NOERROR', ['127.0.0.1']));
    expect(brief(said([closed]))).toBe('pass');
    expect(words(said([closed]))).toContain(
      'lives and does not resolve outside names (example.com: it answers REFUSED)',
    );
    const slow = server(none('silent'), answers('NOERROR', ['127.0.0.1']));
    expect(words(said([slow]))).toContain('(example.com: no answer within 2.0 s)');
  });

  test('until a container has asked it in vain', () => {
    const vain = line('dns', 'upstream resolver fallback failed', {
      fields: { NAME: 'api.partner.test' },
      error: 'dns rcode REFUSED @192.0.2.1:53 for api.partner.test',
    });
    const closed = server(answers('REFUSED'), answers('NOERROR', ['127.0.0.1']));
    const row = said([closed], { log: [vain] });
    expect(brief(row)).toBe('fail dns_upstream_unreachable:refuses 192.0.2.1:53');
    expect(words(row)).toContain('a container asked in vain for api.partner.test');
    expect(brief(said([closed], { log: [{ ...vain, atMs: NOW - 3_600 * SECOND }] }))).toBe('pass');
  });

  test('where no network of JACO’s is, nobody asks yet', () => {
    const row = said([server(none('refused', 'ECONNREFUSED'))], { networks: [] });
    expect(brief(row)).toBe('pass');
    expect(words(row)).toContain('192.0.2.1:53 would be needed by the first container here');
  });

  test('an entry that is no address, and a name that leads nowhere', () => {
    const unasked = (why: 'not-an-address' | 'no-such-name' | 'not-looked-up'): UpstreamAnswer => ({
      kind: 'unasked',
      why,
      detail: 'so it is',
    });
    expect(brief(said([unasked('not-an-address')]))).toContain(':not-an-address');
    expect(brief(said([unasked('no-such-name')]))).toContain(':no-such-name');
    expect(brief(said([unasked('not-looked-up')]))).toBe('unknown');
  });

  test('a gateway of another pool goes round, which the daemon does not know', () => {
    const config = 'ipam_pool: 10.200.0.0/16\ndns:\n  forwarders: ["10.200.3.1"]\n';
    const upstreams = {
      answers: [{ text: '10.200.3.1:53', answer: { kind: 'unasked', why: 'loop', detail: '' } as const }],
      omitted: 0,
    };
    const row = judgeIsolation({ config, upstreams })['dns-upstreams'];
    expect(brief(row)).toBe('fail dns_forwarder_loop:forwarders');
    expect(words(row)).toContain('is a gateway of ipam_pool 10.200.0.0/16');
    expect(row?.findings[0]?.values).toEqual({ forwarder: '10.200.3.1' });
  });

  test('no name server at all', () => {
    const config = 'data_dir: /var/lib/jaco\n';
    const resolvers = { servers: [], dropped: [{ text: '127.0.0.11', why: 'docker' }] } as const;
    const row = judgeIsolation({ config, resolvers, upstreams: { answers: [], omitted: 0 } })['dns-upstreams'];
    expect(brief(row)).toBe('fail dns_no_upstreams:none');
    expect(words(row)).toContain("127.0.0.11, which is left out: it is Docker's embedded resolver");
  });

  test('a file that was mended after the daemon had read it', () => {
    const log = [
      line('daemon/grpc', 'dns: no upstream resolvers configured and host /etc/resolv.conf has none; …', {
        priority: 4,
      }),
      line('daemon/grpc', 'dns: forwarder configured', { fields: { UPSTREAMS: '[]', TIMEOUT: '2s' } }),
    ];
    const row = judgeIsolation({ config: 'data_dir: /x\n', log, upstreams: { answers: [], omitted: 0 } })[
      'dns-upstreams'
    ];
    expect(brief(row)).toBe('fail dns_no_upstreams:read-before');
    expect(words(row)).toContain('/etc/resolv.conf names 192.0.2.53:53 now');
  });

  test('a file that may not be read is unknown', () => {
    const resolvers = fail('denied', '/etc/resolv.conf: EACCES', 'host.resolv-conf');
    expect(brief(judgeIsolation({ config: 'data_dir: /x\n', resolvers })['dns-upstreams'])).toBe('unknown');
  });
});

describe('dns-listeners', () => {
  const said = (scene: Scene) => judgeIsolation(scene)['dns-listeners'];
  const others = SOCKETS.filter(({ address }) => address !== '10.244.0.1');
  const dnsmasq = { pid: 77, program: 'dnsmasq', uid: 0 };

  test('another resolver has the port of a gateway, or of every address', () => {
    for (const address of ['10.244.0.1', '0.0.0.0', '::']) {
      const row = said({ sockets: [...others, ...listens(address, dnsmasq)] });
      expect(brief(row)).toBe('fail dns_listener_missing:port-taken jaco_shop_back');
      expect(words(row)).toContain(`10.244.0.1:53 over UDP: dnsmasq (pid 77), at ${address}`);
      expect(row?.findings[0]?.values).toEqual({ holder: 'dnsmasq' });
    }
  });

  test('one that came later and has all addresses takes nothing away', () => {
    expect(brief(said({ sockets: [...SOCKETS, ...listens('0.0.0.0', dnsmasq)] }))).toBe('pass');
  });

  test('nobody listens', () => {
    expect(brief(said({ sockets: others }))).toBe('fail dns_listener_missing:not-bound jaco_shop_back');
    const half = SOCKETS.filter(({ address, protocol }) => !(address === '10.244.0.1' && protocol === 'tcp'));
    expect(words(said({ sockets: half }))).toContain('10.244.0.1:53 over TCP: nobody listens');
  });

  test('nobody can, for the bridge is gone', () => {
    const row = said({ sockets: others, addresses: ['10.82.0.1', '10.244.1.1', '10.244.2.1'] });
    expect(brief(row)).toBe('fail dns_listener_missing:no-address jaco_shop_back');
  });

  test('a network of seconds ago, and a daemon of seconds ago', () => {
    const young = network('shop', 'back', 0, { createdAtMs: NOW - 3 * SECOND });
    const row = said({ sockets: others, networks: [young] });
    expect(brief(row)).toBe('pass');
    expect(words(row)).toContain('the daemon tries again every 5 s');
    expect(brief(said({ sockets: others, started: NOW - 3 * SECOND }))).toBe('pass');
  });

  test('without root the user of a socket tells whose it is', () => {
    const seen = SOCKETS.map((socket) => ({ ...socket, pid: null, program: null }));
    expect(brief(said({ sockets: seen }))).toBe('pass');
    const root = seen.map((socket) => ({ ...socket, uid: 0 }));
    expect(brief(said({ sockets: root, uid: 0 }))).toBe('unknown');
    expect(words(said({ sockets: root, uid: 0 }))).toContain('may be seen by root only');
    const row = said({ sockets: root });
    expect(words(row)).toContain('a program of another user, at 10.244.0.1');
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
    expect(said({ networks: [] })?.reason).toBe('no network of a deployment lies on this node');
  });
});

describe('dns-answers', () => {
  const said = (scene: Scene) => judgeIsolation(scene)['dns-answers'];
  const one = (a: DnsResult, aaaa: DnsResult = answers('NOERROR')) => ({
    answers: resolvedNames().answers.map((answer) => (answer.service === 'db' ? { ...answer, a, aaaa } : answer)),
    notAsked: [],
  });

  test('a running service that has no name', () => {
    const row = said({ names: one(answers('NXDOMAIN')) });
    expect(brief(row)).toBe('fail dns_service_unresolved:unknown db on jaco_shop_back');
    expect(words(row)).toContain('10.244.0.1:53 answers NXDOMAIN for db, while shop-db-0 runs and was just reported');
    expect(row?.findings[0]?.values).toEqual({ gateway: '10.244.0.1', service: 'db', deployment: 'shop' });
  });

  test('one whose jaco.yaml names other networks than its compose file', () => {
    const replicas = [replica('shop-db-0', { jaco_shop_front: '10.244.1.9' })];
    const row = said({ replicas, names: one(answers('NXDOMAIN')) });
    expect(brief(row)).toBe('fail dns_service_unresolved:networks-override db on jaco_shop_back');
  });

  test('one on a network that is not JACO’s', () => {
    const row = said({ names: one(answers('NOERROR', ['172.17.0.2'])) });
    expect(brief(row)).toBe('fail dns_service_unresolved:foreign-network db on jaco_shop_back');
  });

  test('one that is said not to exist to those who ask for IPv6', () => {
    expect(words(said({ names: one(answers('NOERROR', ['10.244.0.2']), answers('NXDOMAIN')) }))).toContain(
      'says NXDOMAIN for IPv6',
    );
  });

  test('what does not run, or was not heard of for 10 s, has no name', () => {
    for (const given of [{ state: 'failed' }, { lastHealthAtMs: NOW - 11 * SECOND }] as const) {
      const replicas = [replica('shop-db-0', { jaco_shop_back: '10.244.0.2' }, given)];
      expect(brief(said({ replicas, names: one(answers('NXDOMAIN')) }))).toBe('pass');
    }
  });

  test('a resolver that does not answer is not judged', () => {
    const row = said({ names: one(none('silent')) });
    expect(brief(row)).toBe('unknown');
    expect(words(row)).toContain('no answer from 10.244.0.1:53');
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
      expect(words(row)).toContain('far runs on other nodes only');
    });

    test('what runs here Docker itself knows', () => {
      const row = said(implicit('jaco-1'));
      expect(brief(row)).toBe('pass');
      expect(words(row)).toContain("Docker's own names hide this");
    });
  });
});

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
