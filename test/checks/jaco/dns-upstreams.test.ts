import { describe, expect, test } from 'vitest';
import dnsUpstreams from '../../../checks/jaco/dns-upstreams.ts';
import type { DnsResult } from '../../../src/probes/io/dns/message.ts';
import type { UpstreamAnswer } from '../../../src/probes/jaco/network/upstream-answers.ts';
import { brief, idsAndTextsArePinned, words } from '../scene.ts';
import { answers, none } from './scenes/dns-answer.ts';
import { fail, judgeIsolation, line, NOW, type Scene } from './scenes/isolation-scene.ts';

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

idsAndTextsArePinned('jaco', dnsUpstreams);
