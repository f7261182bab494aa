import { describe, expect, test } from 'vitest';
import dnsUpstreams from '../../../checks/jaco/dns-upstreams.ts';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import type { DnsResult } from '../../../src/probes/io/dns/message.ts';
import type { UpstreamAnswer } from '../../../src/probes/jaco/network/upstream-answers.ts';
import type { Flow } from '../../../src/probes/jaco/traffic/flow.ts';
import { brief, idsAndTextsArePinned, unquoted, words } from '../scene.ts';
import { answers, none } from './scenes/dns-answer.ts';
import {
  fail,
  flow,
  judgeIsolation,
  line,
  listens,
  NOW,
  RESOLVED,
  type Scene,
  SILENT,
} from './scenes/isolation-scene.ts';

const { entries } = await loadCatalog('jaco');

const SECOND = 1_000;

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

  describe('measured from inside a container', () => {
    const FRONT = 'jaco_shop_front';
    const resolver = (kind: 'resolver-udp' | 'resolver-tcp') => flow(kind, FRONT, RESOLVED);
    const outside = (rcode: string, addresses: readonly string[] = []) =>
      flow('outside-name', FRONT, { kind: 'passed', reply: { kind: 'answer', how: 'dns', rcode, addresses, ms: 3 } });
    const measured = (outcome: Flow, list = [GOOD], scene: Scene = {}) =>
      said(list, { flows: [resolver('resolver-udp'), resolver('resolver-tcp'), outcome], ...scene });

    test.each([
      ['SERVFAIL', outside('SERVFAIL')],
      ['nothing', flow('outside-name', FRONT, SILENT)],
    ])('the name server answers this host at once, and containers get %s', (_, outcome) => {
      const row = measured(outcome);
      expect(brief(row)).toBe('fail dns_upstream_unreachable:not-for-jacod 192.0.2.1:53');
      expect(row?.findings[0]?.values).toMatchObject({ upstream_host: '192.0.2.1', upstream_port: '53' });
    });

    test('an external name is resolved: proof of the whole path', () => {
      const row = measured(outside('NOERROR', ['192.0.2.7']));
      expect(brief(row)).toBe('pass');
      expect(row?.evidence).toHaveLength(2);
    });

    test('a rule that distinguishes users leads, and this row says which user asked what', () => {
      const reply = { kind: 'answer', how: 'dns', rcode: 'NOERROR', addresses: ['192.0.2.1'], ms: 1 } as const;
      const server = { host: '192.0.2.1', port: 53, asDaemon: { kind: 'silent', ms: 1_700 }, asSelf: reply } as const;
      const daemonTraffic = { user: 'jaco', uid: 997, gid: 997, flows: [server] };
      expect(words(measured(outside('SERVFAIL'), [GOOD], { daemonTraffic }))).toContain('as user jaco');
      const leads = entries.find(({ id }) => id === 'dns_upstream_unreachable')?.symptomOf;
      expect(leads).toContain('foreign_firewall_drop');
    });

    const refused = (atMs: number) =>
      line('dns', 'upstream resolver fallback failed', {
        fields: { NAME: 'api.partner.test' },
        error:
          'dns exchange api.partner.test @192.0.2.1:53: write udp 10.0.0.1:40001->192.0.2.1:53: write: operation not permitted',
        atMs,
      });

    test('the kernel refuses what jacod sends, by its journal, and this program is answered', () => {
      const row = said([GOOD], { log: [refused(NOW - 60 * SECOND)] });
      expect(brief(row)).toBe('fail dns_upstream_unreachable:not-for-jacod 192.0.2.1:53');
      expect(unquoted(row, 'operation not permitted', 'api.partner.test')).toEqual([]);
    });

    test('the journal reports what a container has just seen: one finding with both', () => {
      const row = measured(outside('SERVFAIL'), [GOOD], { log: [refused(NOW - 60 * SECOND)] });
      expect(brief(row)).toBe('fail dns_upstream_unreachable:not-for-jacod 192.0.2.1:53');
      expect(unquoted(row, 'operation not permitted', 'SERVFAIL')).toEqual([]);
    });

    test('a refusal of an hour ago, of another server, or before a container was answered, is history', () => {
      expect(brief(said([GOOD], { log: [refused(NOW - 3_600 * SECOND)] }))).toBe('pass');
      expect(brief(measured(outside('NOERROR', ['192.0.2.7']), [GOOD], { log: [refused(NOW)] }))).toBe('pass');
      const silent = said([server(none('silent')), GOOD], { log: [refused(NOW)] });
      expect(brief(silent)).toBe('fail dns_upstream_unreachable:silent 192.0.2.1:53');
    });

    test('a refusal of some minutes ago says nothing while no query reaches the resolver of JACO', () => {
      const log = [refused(NOW - 60 * SECOND)];
      const lost = [flow('resolver-udp', FRONT, SILENT), flow('resolver-tcp', FRONT, SILENT)];
      expect(brief(said([GOOD], { flows: [...lost, flow('outside-name', FRONT, SILENT)], log }))).toBe('pass');
      expect(brief(said([GOOD], { flows: [flow('sibling', FRONT, SILENT)], log }))).toBe(
        'fail dns_upstream_unreachable:not-for-jacod 192.0.2.1:53',
      );
    });

    test('the name server is slow: a container waits, and the server is not reported', () => {
      const slow = { ...answers('NOERROR', ['192.0.2.1']), ms: 1_400 };
      expect(brief(measured(flow('outside-name', FRONT, SILENT), [server(slow)]))).toBe('pass');
    });

    test('the resolver itself does not answer: the question never reached a name server', () => {
      const flows = [flow('resolver-udp', FRONT, SILENT), flow('outside-name', FRONT, SILENT)];
      expect(brief(said([GOOD], { flows }))).toBe('pass');
    });

    test('another program holds port 53 of the gateways of a daemon that has just started: its REFUSED is not JACO', () => {
      const dnsmasq = { sockets: listens('0.0.0.0', { pid: 506, program: 'dnsmasq' }), started: NOW - 2 * SECOND };
      const refused = { flows: [outside('REFUSED')] };
      expect(brief(said([GOOD], { ...refused, ...dnsmasq }))).toBe('pass');
      expect(brief(said([GOOD], refused))).toBe('fail dns_upstream_unreachable:not-for-jacod 192.0.2.1:53');
    });

    test('a name server that is dead for this host too is one finding', () => {
      const row = measured(flow('outside-name', FRONT, SILENT), [server(none('silent'))]);
      expect(brief(row)).toBe('fail dns_upstream_unreachable:silent 192.0.2.1:53');
    });
  });

  test.each([
    ['no answer', server(none('silent')), 'silent', ['2.0 s']],
    ['not listening', server(none('refused', 'ECONNREFUSED')), 'not-listening', ['ECONNREFUSED']],
    ['no route', server(none('unreachable', 'ENETUNREACH')), 'no-route', ['ENETUNREACH']],
    ['rubbish', server(none('garbled')), 'garbled', []],
    ['wrong ids', server(none('silent', null, 2)), 'silent', ['4']],
    ['TCP only', server(none('silent'), none('silent'), answers('NOERROR')), 'tcp-only', ['TCP']],
    ['REFUSED to everything', server(answers('REFUSED')), 'refuses', ['example.com', 'REFUSED']],
    ['SERVFAIL to everything', server(answers('SERVFAIL')), 'fails', ['example.com', 'SERVFAIL']],
  ])('%s', (_, answer, cause, quoted) => {
    const row = said([answer]);
    expect(brief(row)).toBe(`fail dns_upstream_unreachable:${cause} 192.0.2.1:53`);
    expect(unquoted(row, ...quoted)).toEqual([]);
    expect(row?.findings[0]?.values).toMatchObject({ upstream_host: '192.0.2.1', upstream_port: '53' });
  });

  test('a question that this process could not send says nothing about the server', () => {
    const row = said([server(none('unreachable', 'EAFNOSUPPORT'))]);
    expect(brief(row)).toBe('unknown');
    expect(words(row)).toContain('EAFNOSUPPORT');
  });

  test('NXDOMAIN is an answer, and so is one without an address', () => {
    expect(brief(said([server(answers('NXDOMAIN'))]))).toBe('pass');
    expect(brief(said([server(answers('NOERROR'))]))).toBe('pass');
  });

  test('an answer cut short is a note', () => {
    expect(brief(said([server(answers('NOERROR', [], { truncated: true }))]))).toBe('pass');
  });

  test('one dead of several, before and after one that answers', () => {
    const first = said([server(none('silent')), GOOD]);
    expect(brief(first)).toBe('fail dns_upstream_unreachable:silent 192.0.2.1:53');
    expect(unquoted(first, '2 s')).toEqual([]);
    const last = said([GOOD, server(none('silent'))]);
    expect(brief(last)).toBe('fail dns_upstream_unreachable:silent 192.0.2.2:53');
  });

  test('one that answers but resolves no external names is right in a closed network', () => {
    const closed = server(answers('REFUSED'), answers('NOERROR', ['127.0.0.1']));
    expect(brief(said([closed]))).toBe('pass');
    expect(unquoted(said([closed]), 'example.com', 'REFUSED')).toEqual([]);
    const slow = server(none('silent'), answers('NOERROR', ['127.0.0.1']));
    expect(brief(said([slow]))).toBe('pass');
    expect(unquoted(said([slow]), 'example.com', '2.0 s')).toEqual([]);
  });

  test('until a container has asked it without success', () => {
    const vain = line('dns', 'upstream resolver fallback failed', {
      fields: { NAME: 'api.partner.test' },
      error: 'dns rcode REFUSED @192.0.2.1:53 for api.partner.test',
    });
    const closed = server(answers('REFUSED'), answers('NOERROR', ['127.0.0.1']));
    const row = said([closed], { log: [vain] });
    expect(brief(row)).toBe('fail dns_upstream_unreachable:refuses 192.0.2.1:53');
    expect(unquoted(row, 'api.partner.test')).toEqual([]);
    expect(brief(said([closed], { log: [{ ...vain, atMs: NOW - 3_600 * SECOND }] }))).toBe('pass');
  });

  test('without a network of JACO no container asks yet', () => {
    const row = said([server(none('refused', 'ECONNREFUSED'))], { networks: [] });
    expect(brief(row)).toBe('pass');
    expect(unquoted(row, '192.0.2.1:53')).toEqual([]);
  });

  test('an entry that is not an address, and a name that does not resolve', () => {
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
    expect(unquoted(row, 'ipam_pool', '10.200.0.0/16')).toEqual([]);
    expect(row?.findings[0]?.values).toEqual({ forwarder: '10.200.3.1' });
  });

  test('no name server', () => {
    const config = 'data_dir: /var/lib/jaco\n';
    const resolvers = { servers: [], dropped: [{ text: '127.0.0.11', why: 'docker' }] } as const;
    const row = judgeIsolation({ config, resolvers, upstreams: { answers: [], omitted: 0 } })['dns-upstreams'];
    expect(brief(row)).toBe('fail dns_no_upstreams:none');
    expect(unquoted(row, '127.0.0.11')).toEqual([]);
  });

  test('a file that was fixed after the daemon had read it', () => {
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
    expect(unquoted(row, '/etc/resolv.conf', '192.0.2.53:53')).toEqual([]);
  });

  test('a file that may not be read is unknown', () => {
    const resolvers = fail('denied', '/etc/resolv.conf: EACCES', 'host.resolv-conf');
    expect(brief(judgeIsolation({ config: 'data_dir: /x\n', resolvers })['dns-upstreams'])).toBe('unknown');
  });
});

idsAndTextsArePinned('jaco', dnsUpstreams);
