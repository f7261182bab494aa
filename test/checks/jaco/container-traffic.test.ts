import { describe, expect, test } from 'vitest';
import containerTraffic from '../../../checks/jaco/container-traffic.ts';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { readIptablesSave } from '../../../src/probes/host/filter/iptables-save.ts';
import { readNftJson } from '../../../src/probes/host/filter/nft-json.ts';
import type { KernelRoute } from '../../../src/probes/host/kernel-routes.ts';
import { EXTERNAL_ADDRESS } from '../../../src/probes/jaco/network/kernel-routes.ts';
import type { Flow } from '../../../src/probes/jaco/traffic/flow.ts';
import { capturedTables } from '../../probes/host/captured-tables.ts';
import { brief, idsAndTextsArePinned, unquoted, words } from '../scene.ts';
import { answers, none } from './scenes/dns-answer.ts';
import {
  fail,
  flow,
  HEALTHY_ROUTES,
  judgeIsolation,
  listens,
  member,
  NOW,
  REPLICAS,
  RESET,
  RESOLVED,
  replica,
  resolvedNames,
  SAVED,
  type Scene,
  SILENT,
  SOCKETS,
} from './scenes/isolation-scene.ts';

const { entries } = await loadCatalog('jaco');

const judge = (scene: Scene) => judgeIsolation(scene)['container-traffic'];

/** The healthy host's tables and one more, as nft lists it in JSON. */
function withTable(family: string, name: string, ...objects: readonly object[]) {
  const read = readNftJson(JSON.stringify({ nftables: [{ table: { family, name } }, ...objects] }));
  if (read.kind !== 'tables') throw new Error(read.detail);
  return [...capturedTables('nft-ruleset-healthy-scopes.json'), ...read.tables];
}

const chain = (hook: string, policy: 'accept' | 'drop', prio = 0, type = 'filter') => ({
  chain: { family: 'inet', table: 'fw', name: hook, type, hook, prio, policy },
});
const rule = (hook: string, ...expr: readonly object[]) => ({
  rule: { family: 'inet', table: 'fw', chain: hook, handle: 4, expr },
});
const match = (left: object, right: unknown, op = '==') => ({ match: { op, left, right } });
/** `meta mark 7 accept`, which cannot be evaluated while a mark may be set elsewhere. */
const markAccept = [match({ meta: { key: 'mark' } }, 7), { accept: null }];

const FRONT = 'jaco_shop_front';

describe('a flow that was measured', () => {
  test('passes, and no rule is reported, for any content of the rules', () => {
    const tables = withTable('inet', 'fw', chain('forward', 'drop'));
    const row = judge({ tables, flows: [flow('next-hop', FRONT, RESET), flow('container', FRONT, RESET)] });
    expect(brief(row)).toBe('pass');
  });

  test('is lost, and the policy that drops it is named with what was measured', () => {
    const tables = withTable('inet', 'fw', chain('forward', 'drop'));
    const row = judge({ tables, flows: [flow('next-hop', FRONT, SILENT)] });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-forward');
    expect(unquoted(row, 'jaco_shop_front', '10.82.0.254', '1.7 s')).toEqual([]);
    expect(row?.findings[0]?.values).toMatchObject({ family: 'inet', table: 'fw', chain: 'forward' });
  });

  test('is lost, and an accept that might have matched evidently did not: the only dropper explains it', () => {
    const tables = withTable('inet', 'fw', chain('forward', 'drop'), rule('forward', ...markAccept));
    expect(brief(judge({ tables, flows: [flow('next-hop', FRONT, SILENT)] }))).toBe(
      'fail foreign_firewall_drop:nft-forward',
    );
  });

  test('is lost, and no rule explains it', () => {
    const row = judge({ flows: [flow('next-hop', FRONT, SILENT), flow('container', FRONT, RESET)] });
    expect(brief(row)).toBe('fail pool_traffic_dropped:unexplained');
    expect(row?.findings[0]?.values?.flow).toContain('10.82.0.254');
    expect(unquoted(row, 'jaco_shop_front', '10.82.0.254')).toEqual([]);
  });

  test.each([
    ['a mark, by which a routing rule may choose a dead table', { meta: { key: 'mark' } }],
    ['the remaining hops to 1', { payload: { protocol: 'ip', field: 'ttl' } }],
    ['a zone, in which the answer finds no connection', { ct: { key: 'zone' } }],
  ])('is lost, and a rule sets %s', (_, key) => {
    const tables = withTable(
      'inet',
      'fw',
      chain('prerouting', 'accept', -150),
      rule('prerouting', match({ meta: { key: 'iifname' } }, 'jaco-*'), { mangle: { key, value: 51 } }),
      rule('prerouting', match({ meta: { key: 'iifname' } }, 'wg0'), { mangle: { key, value: 52 } }),
    );
    const row = judge({ tables, flows: [flow('next-hop', FRONT, SILENT), flow('container', FRONT, RESET)] });
    expect(brief(row)).toBe('fail pool_traffic_dropped:changed');
    expect(row?.findings[0]?.values?.['changes']).toMatch(/set 51/);
    expect(row?.findings[0]?.values?.['changes']).not.toMatch(/set 52/);
  });

  test('is lost, and iptables sets its remaining hops', () => {
    const read = readIptablesSave(
      '*mangle\n:PREROUTING ACCEPT\n-A PREROUTING -i jaco-+ -j TTL --ttl-set 1\nCOMMIT\n',
      'iptables',
    );
    const tables = [...capturedTables('nft-ruleset-healthy-scopes.json'), ...read];
    const row = judge({ tables, flows: [flow('next-hop', FRONT, SILENT), flow('container', FRONT, RESET)] });
    expect(brief(row)).toBe('fail pool_traffic_dropped:changed');
    expect(row?.findings[0]?.values?.['changes']).toContain('-j TTL --ttl-set 1');
  });

  test('is not sent, and a chain may drop it on an interface that nft does not list: unknown, not a pass', () => {
    const out = {
      family: 'netdev',
      table: 'e',
      name: 'out',
      type: 'filter',
      hook: 'egress',
      prio: 0,
      policy: 'accept',
    };
    const port = match({ payload: { protocol: 'tcp', field: 'dport' } }, 443);
    const tables = withTable(
      'netdev',
      'e',
      { chain: out },
      { rule: { family: 'netdev', table: 'e', chain: 'out', handle: 3, expr: [port, { drop: null }] } },
    );
    const unsent = { kind: 'not-measured', reason: 'shop.example does not answer this host either' } as const;
    const given = flow('given', FRONT, unsent);
    const row = judge({ tables, flows: [{ ...given, target: { ...given.target, host: '198.51.100.7', port: 443 } }] });
    expect(brief(row)).toBe('unknown');
    expect(unquoted(row, 'chain out')).toEqual([]);
  });

  test('is lost, and two chains may have dropped it after something that was not understood', () => {
    const unknown = [match({ socket: { key: 'wildcard' } }, 1), { accept: null }];
    const tables = withTable(
      'inet',
      'fw',
      chain('forward', 'drop'),
      rule('forward', ...unknown),
      chain('postrouting', 'drop', 50),
      rule('postrouting', ...unknown),
    );
    const row = judge({ tables, flows: [flow('next-hop', FRONT, SILENT)] });
    expect(brief(row)).toBe('fail pool_traffic_dropped:unexplained');
    expect(row?.findings[0]?.values?.['chains']).toContain('chain forward');
    expect(row?.findings[0]?.values?.['chains']).toContain('chain postrouting');
    expect(row?.findings[0]?.evidence.some((text) => text.includes('socket'))).toBe(true);
  });

  test('is lost at the answer: the output chain accepts the question and drops what comes back', () => {
    const tables = withTable(
      'inet',
      'fw',
      chain('output', 'drop'),
      rule('output', match({ payload: { protocol: 'udp', field: 'dport' } }, 53), { accept: null }),
    );
    const row = judge({ tables, flows: [flow('resolver-udp', FRONT, SILENT), flow('next-hop', FRONT, RESET)] });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-forward');
    expect(row?.findings[0]?.values).toMatchObject({ chain: 'output' });
  });

  test('is filtered on one port while another of the same target answers: a note', () => {
    const outcome = { kind: 'lost', reply: { kind: 'silent', ms: 1_700 }, openPorts: [443] } as const;
    const row = judge({ flows: [flow('next-hop', FRONT, outcome)] });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toHaveLength(1);
    expect(row?.notes[0]).toContain('443');
  });

  test('is lost to one host outside while another answers: a policy of this site, not a loss', () => {
    const outside = flow('outside', FRONT, SILENT);
    const row = judge({ flows: [outside, flow('next-hop', FRONT, RESET)] });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toHaveLength(1);
  });

  test('of a neighbour passes, and a rule surely drops traffic to the Internet, of which no host could be asked', () => {
    const lan = [
      match({ payload: { protocol: 'ip', field: 'daddr' } }, { prefix: { addr: '10.0.0.0', len: 8 } }),
      { accept: null },
    ];
    const tables = withTable('inet', 'fw', chain('forward', 'drop'), rule('forward', ...lan));
    const row = judge({ tables, flows: [flow('next-hop', FRONT, RESET)] });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-forward');
    expect(row?.findings[0]?.values).toMatchObject({ family: 'inet', table: 'fw', chain: 'forward' });
    expect(unquoted(row, 'jaco_shop_front')).toEqual([]);
  });

  test('to a public host is lost by such a rule, although the neighbour answers', () => {
    const lan = [
      match({ payload: { protocol: 'ip', field: 'daddr' } }, { prefix: { addr: '10.0.0.0', len: 8 } }),
      { accept: null },
    ];
    const tables = withTable('inet', 'fw', chain('forward', 'drop'), rule('forward', ...lan));
    const registry = { host: '198.51.100.7', port: 443, protocol: 'tcp', name: 'registry', question: null } as const;
    const row = judge({
      tables,
      flows: [flow('next-hop', FRONT, RESET), flow('outside', FRONT, SILENT, { target: registry })],
    });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-forward');
    expect(unquoted(row, 'jaco_shop_front', 'registry', '1.7 s')).toEqual([]);
  });

  test('to a node that is gone is the business of node-liveness; to one that answers elsewhere it is lost', () => {
    const target = { host: '10.82.0.2', port: 7001, protocol: 'tcp', name: 'jaco-2', question: null } as const;
    const lost: Flow = { ...flow('peer-raft', FRONT, SILENT, { target }), network: null, start: { kind: 'host' } };
    const members = [member('jaco-1'), member('jaco-2')];
    expect(brief(judge({ members, gone: ['jaco-2'], flows: [lost] }))).toBe('pass');
    const row = judge({ members, alive: ['jaco-2'], flows: [lost] });
    expect(brief(row)).toBe('fail pool_traffic_dropped:unexplained');
    expect(unquoted(row, 'jaco-2', '10.82.0.2', '7001')).toEqual([]);
  });

  test('of a neighbour is lost by a rule for private addresses that is not understood: a policy of this site', () => {
    const lan = [
      match({ meta: { key: 'iifname' } }, 'jaco-*'),
      match({ payload: { protocol: 'ip', field: 'daddr' } }, { prefix: { addr: '10.0.0.0', len: 8 } }),
      match({ meta: { key: 'hour' } }, { range: ['00:00', '23:59'] }),
      { drop: null },
    ];
    const tables = withTable('inet', 'fw', chain('forward', 'accept'), rule('forward', ...lan));
    const row = judge({ tables, flows: [flow('next-hop', FRONT, SILENT)] });
    expect(brief(row)).toBe('pass');
    expect(row?.notes[0]).toContain('10.0.0.0/8');
  });

  describe.each([
    ['REDIRECT', '*nat\n:PREROUTING ACCEPT\n', '-j REDIRECT --to-ports 12345', '-d 10.244.0.0/16'],
    ['REDIRECT of public addresses', '*nat\n:PREROUTING ACCEPT\n', '-j REDIRECT --to-ports 12345', '-d 10.0.0.0/8'],
    ['TPROXY', '*mangle\n:PREROUTING ACCEPT\n', '-j TPROXY --on-port 12345 --tproxy-mark 0x1', '-d 10.0.0.0/8'],
  ])('is taken to a local proxy by %s', (_, table, target, except) => {
    const read = readIptablesSave(
      `${table}-A PREROUTING ${except} -j RETURN\n-A PREROUTING -i jaco-+ -p tcp ${target}\nCOMMIT\n`,
      'iptables-legacy',
    );
    const tables = [...capturedTables('nft-ruleset-healthy-scopes.json'), ...read];
    const flows = [flow('next-hop', FRONT, RESET)];

    test('that has stopped: the rule is named', () => {
      const row = judge({ tables, flows });
      expect(brief(row)).toMatch(/^fail foreign_firewall_drop/);
      expect(row?.findings[0]?.values?.['rule']).toContain(target);
    });

    test('that is listening: nothing is reported', () => {
      const proxy = { protocol: 'tcp', address: '0.0.0.0', port: 12_345, uid: 0, pid: 7, program: 'proxy' } as const;
      expect(brief(judge({ tables, flows, sockets: [...SOCKETS, proxy] }))).toBe('pass');
    });
  });

  test('of a neighbour passes, and some countries are dropped: a policy of this site', () => {
    const country = [
      match({ payload: { protocol: 'ip', field: 'daddr' } }, { prefix: { addr: '5.0.0.0', len: 8 } }),
      { drop: null },
    ];
    const tables = withTable('inet', 'fw', chain('forward', 'accept'), rule('forward', ...country));
    expect(brief(judge({ tables, flows: [flow('next-hop', FRONT, RESET)] }))).toBe('pass');
  });

  test('is lost because its source is not translated: the NAT rules were flushed', () => {
    const isOfNat = ({ family, name }: { readonly family: string; readonly name: string }) =>
      family === 'ip' && name === 'nat';
    const tables = capturedTables('nft-ruleset-healthy-scopes.json').filter((one) => !isOfNat(one));
    const saved = SAVED.replace(/^-A POSTROUTING .*MASQUERADE.*$/gm, '');
    const row = judge({ tables, saved, flows: [flow('next-hop', FRONT, SILENT)] });
    expect(brief(row)).toBe('fail pool_traffic_dropped:not-translated');
  });

  test('is lost because a rule excludes it from tracking, so it is not translated: the rule is named', () => {
    const tables = withTable(
      'inet',
      'fw',
      chain('prerouting', 'accept', -300),
      rule('prerouting', match({ meta: { key: 'iifname' } }, 'jaco-5042-1b78'), { notrack: null }),
    );
    const row = judge({ tables, flows: [flow('next-hop', FRONT, SILENT)] });
    expect(brief(row)).toBe('fail pool_traffic_dropped:untracked');
    expect(row?.findings[0]?.values?.['untracked']).toContain('nft table inet fw, chain prerouting');
  });

  test('is lost because a NAT rule ends its translation before that of Docker: the rule is named', () => {
    const saved = SAVED.replace(/^(-A POSTROUTING )/m, '-A POSTROUTING -s 10.0.0.0/8 -o eth0 -j ACCEPT\n$1');
    const isOfNat = ({ family, name }: { readonly family: string; readonly name: string }) =>
      family === 'ip' && name === 'nat';
    const tables = [
      ...capturedTables('nft-ruleset-healthy-scopes.json').filter((one) => !isOfNat(one)),
      ...readIptablesSave(saved, 'iptables').filter(isOfNat),
    ];
    const row = judge({ tables, saved, flows: [flow('next-hop', FRONT, SILENT)] });
    expect(brief(row)).toBe('fail pool_traffic_dropped:exempted');
    expect(row?.findings[0]?.values?.['exempting']).toMatch(/chain POSTROUTING: .*-o eth0 -j ACCEPT$/);
    expect(unquoted(row, '-s 10.0.0.0/8 -o eth0 -j ACCEPT')).toEqual([]);
  });

  test('is lost because its source is translated to a foreign address: the rule is named', () => {
    const tables = withTable(
      'inet',
      'fw',
      chain('postrouting', 'accept', 90, 'nat'),
      rule('postrouting', { snat: { addr: '203.0.113.5', family: 'ip' } }),
    );
    const row = judge({ tables, flows: [flow('next-hop', FRONT, SILENT)] });
    expect(brief(row)).toBe('fail pool_traffic_dropped:translated');
    expect(unquoted(row, 'inet fw', 'postrouting', 'snat')).toEqual([]);
  });

  test('cannot be sent, and its source is translated to an address that this host does not have: unknown', () => {
    const snat = (addr: string) =>
      withTable(
        'inet',
        'fw',
        chain('postrouting', 'accept', 90, 'nat'),
        rule('postrouting', { snat: { addr, family: 'ip' } }),
      );
    const silent = { kind: 'not-measured', reason: 'the next router does not answer this host either' } as const;
    const flows = [flow('next-hop', FRONT, silent)];
    const row = judge({ tables: snat('203.0.113.5'), flows });
    expect(brief(row)).toBe('unknown');
    expect(words(row)).toContain('snat to 203.0.113.5');
    expect(brief(judge({ tables: snat('10.244.1.1'), flows }))).toBe('pass');
  });

  test('is handed by TPROXY of nft to a proxy that has stopped, with a mark: the rule is named', () => {
    const tables = withTable(
      'inet',
      'fw',
      chain('prerouting', 'accept', -150),
      rule(
        'prerouting',
        match({ meta: { key: 'l4proto' } }, 'tcp'),
        { mangle: { key: { meta: { key: 'mark' } }, value: 1 } },
        { tproxy: { family: 'ip', port: 12_345 } },
        { accept: null },
      ),
    );
    const row = judge({ tables, flows: [flow('next-hop', FRONT, SILENT)] });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-forward');
    expect(unquoted(row, 'tproxy to :12345')).toEqual([]);
    const listening = { protocol: 'tcp', address: '::', port: 12_345, uid: 0, pid: 7, program: 'proxy' } as const;
    expect(brief(judge({ tables, flows: [flow('next-hop', FRONT, RESET)], sockets: [...SOCKETS, listening] }))).toBe(
      'pass',
    );
  });

  test('is lost by a container that started a moment ago: the daemon may not have added its route yet', () => {
    const row = judge({ flows: [flow('next-hop', FRONT, SILENT, { sinceMs: NOW - 10_000 })] });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toHaveLength(1);
  });

  test('is lost because the kernel forwards nothing: that is the finding of another row', () => {
    const row = judge({ forwarding: { all: false }, flows: [flow('next-hop', FRONT, SILENT)] });
    expect(brief(row)).toBe('pass');
  });

  test('is refused in the name of the target by a rule: a reset alone proves nothing then', () => {
    const reject = [match({ meta: { key: 'l4proto' } }, 'tcp'), { reject: { type: 'tcp reset' } }];
    const tables = withTable('inet', 'fw', chain('forward', 'accept'), rule('forward', ...reject));
    expect(brief(judge({ tables, flows: [flow('next-hop', FRONT, RESET)] }))).toBe(
      'fail foreign_firewall_drop:nft-forward',
    );
  });

  test('is refused, perhaps by a rule after something not understood: unknown, not a pass', () => {
    const unknown = [match({ socket: { key: 'wildcard' } }, 1), { accept: null }];
    const reject = [match({ meta: { key: 'l4proto' } }, 'tcp'), { reject: { type: 'tcp reset' } }];
    const tables = withTable(
      'inet',
      'fw',
      chain('forward', 'accept'),
      rule('forward', ...unknown),
      rule('forward', ...reject),
    );
    const row = judge({ tables, flows: [flow('next-hop', FRONT, RESET)] });
    expect(brief(row)).toBe('unknown');
    expect(words(row)).toContain('reject');
  });

  test('is refused, and a rule would refuse only what exceeds a limit: it passed', () => {
    const above = [{ limit: { rate: 500, per: 'second', inv: true } }, { reject: { type: 'tcp reset' } }];
    const tables = withTable('inet', 'fw', chain('forward', 'accept'), rule('forward', ...above));
    expect(brief(judge({ tables, flows: [flow('next-hop', FRONT, RESET)] }))).toBe('pass');
  });

  test('cannot be sent, and a chain may drop it after something not understood: unknown, not a pass', () => {
    const unknown = [match({ socket: { key: 'wildcard' } }, 1), { accept: null }];
    const tables = withTable('inet', 'fw', chain('forward', 'drop'), rule('forward', ...unknown));
    const notMeasured = { kind: 'not-measured', reason: 'the next router does not answer this host either' } as const;
    const row = judge({ tables, flows: [flow('next-hop', FRONT, notMeasured)] });
    expect(brief(row)).toBe('unknown');
    expect(words(row)).toContain('does not answer this host either');
    const answered = [{ network: FRONT, answered: 3, unanswered: 0 }];
    expect(brief(judge({ tables, flows: [flow('next-hop', FRONT, notMeasured)], tracked: answered }))).toBe('pass');
  });

  test('cannot be sent from a network whose container could not be entered', () => {
    const notEntered = [{ network: FRONT, why: 'failed', reason: 'nsenter: not found on PATH' }] as const;
    const row = judge({ flows: [flow('container', FRONT, RESET)], notEntered });
    expect(brief(row)).toBe('unknown');
    expect(words(row)).toContain('nsenter: not found on PATH');
  });

  test('cannot be sent because no container could be entered, and a rule surely drops it', () => {
    const notEntered = [{ network: FRONT, why: 'failed', reason: 'nsenter: not found on PATH' }] as const;
    const row = judge({
      tables: withTable('inet', 'fw', chain('forward', 'drop')),
      flows: [flow('container', FRONT, RESET)],
      notEntered,
    });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-forward');
    expect(row?.findings[0]?.evidence.join('\n')).toContain('not measured: nsenter: not found on PATH');
  });
});

describe('a host without the tool ip', () => {
  const kernel = fail('missing-tool', 'ip: not found on PATH', 'jaco.kernel-routes');
  const passing = [flow('resolver-udp', FRONT, RESOLVED), flow('container', FRONT, RESET)];

  test('still sends packets: what passes is judged, and only the outside is not', () => {
    const row = judge({ kernel, flows: passing });
    expect(brief(row)).toBe('unknown');
    expect(row?.notJudged).toHaveLength(1);
    expect(row?.notJudged[0]?.subject).toContain('outside');
    expect(brief(judge({ kernel, flows: [...passing, flow('outside', FRONT, RESET)] }))).toBe('pass');
  });

  test('and a rule that drops the queries of containers is found', () => {
    const tables = withTable('inet', 'fw', chain('input', 'drop'));
    const row = judge({
      kernel,
      tables,
      flows: [flow('resolver-udp', FRONT, SILENT), flow('container', FRONT, RESET)],
    });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-input');
  });

  test('and a loss to the outside is reported without its rule', () => {
    const tables = withTable('inet', 'fw', chain('forward', 'drop'));
    const row = judge({ kernel, tables, flows: [...passing, flow('outside', FRONT, SILENT)] });
    expect(brief(row)).toBe('fail pool_traffic_dropped:unexplained');
  });
});

describe('this host has no route to the outside', () => {
  const UNREACHED = { kind: 'not-measured', reason: 'it does not answer this host either' } as const;
  const lost = (host: string, outcome: Flow['outcome'] = UNREACHED) => ({
    kernel: {
      routes: [{ to: EXTERNAL_ADDRESS, forwarded: null, kind: 'error', error: 'Network is unreachable' } as const],
    },
    flows: [
      {
        ...flow('outside', FRONT, outcome),
        target: { host, port: 443, protocol: 'tcp', name: 'registry ghcr.io', question: null } as const,
      },
    ],
  });

  test('and its own configuration names a host of the Internet: containers do not reach it', () => {
    const row = judge(lost('140.82.121.33'));
    expect(brief(row)).toBe('fail pool_traffic_dropped:no-default-route');
    expect(unquoted(row, 'ghcr.io', '140.82.121.33')).toEqual([]);
  });

  test('and it names only hosts of its own network, as in a closed network: not a fault', () => {
    expect(brief(judge(lost('192.168.7.9')))).toBe('pass');
  });

  test('and containers have another route', () => {
    expect(brief(judge(lost('140.82.121.33', RESET)))).toBe('pass');
  });
});

describe('packets of containers leave through a VPN, and those of this host do not', () => {
  const routes = HEALTHY_ROUTES.routes.map(
    (one): KernelRoute =>
      one.to === EXTERNAL_ADDRESS && one.forwarded?.iif === 'jaco-5042-1b78' && one.kind === 'route'
        ? { ...one, dev: 'wg0', gateway: '10.9.0.1', table: '100' }
        : one,
  );
  const tracked = (waitedMs: readonly number[], answeredAgoMs: number | null = null) => [
    {
      network: FRONT,
      answered: answeredAgoMs === null ? 0 : 1,
      answeredAgoMs,
      unanswered: waitedMs.length,
      waiting: waitedMs.map((ms, at) => ({ destination: `198.51.100.${at + 7}`, port: 443, waitedMs: ms })),
    },
  ];
  const behindVpn = (scene: Scene) => judge({ kernel: { routes }, ...scene });

  test('the VPN is dead: the connections of the containers themselves show it, and no packet is sent', () => {
    const row = behindVpn({ tracked: tracked([3_000, 15_000]) });
    expect(brief(row)).toBe(`fail pool_traffic_dropped:another-route ${FRONT}`);
    expect(unquoted(row, '198.51.100.7:443', '198.51.100.8:443', 'wg0', '10.9.0.1', 'table 100')).toEqual([]);
    expect(row?.findings[0]?.values).toMatchObject({ route: expect.stringContaining('wg0') });
  });

  test('connections that were answered before do not excuse it', () => {
    expect(brief(behindVpn({ tracked: tracked([3_000, 5_000], 60_000) }))).toBe(
      `fail pool_traffic_dropped:another-route ${FRONT}`,
    );
  });

  test.each([
    ['one host that does not answer may be off', tracked([15_000])],
    ['connections of a moment ago may still be answered', tracked([1_000, 15_000])],
    ['another connection was answered later, as after the VPN returned', tracked([8_000, 15_000], 1_000)],
    ['connections that were given up say nothing about now', tracked([30_000, 60_000])],
    ['no connection is open', []],
  ])('%s: not a fault, and the way is a note', (_, connections) => {
    const row = behindVpn({ tracked: connections });
    expect(brief(row)).toBe('pass');
  });

  test('nothing was asked on that route: the report says so, and how to do it', () => {
    expect(behindVpn({})?.notes.join()).toMatch(/wg0.*--outside/);
    expect(behindVpn({ flows: [flow('given', FRONT, RESET)] })?.notes.join()).not.toMatch(/--outside/);
    expect(behindVpn({ tracked: tracked([], 1_000) })?.notes.join()).not.toMatch(/--outside/);
  });

  test('connections without an answer on the route of this host are not judged: they were opened by a program, not by the doctor', () => {
    expect(brief(judge({ tracked: tracked([3_000, 15_000]) }))).toBe('pass');
  });

  test('a host that the operator names is lost there: the route is the cause', () => {
    const row = behindVpn({ flows: [flow('given', FRONT, SILENT)] });
    expect(brief(row)).toBe('fail pool_traffic_dropped:another-route');
    expect(unquoted(row, 'wg0', 'table 100')).toEqual([]);
  });
});

describe('DNS queries of containers', () => {
  const nat = (verdict: object) =>
    withTable(
      'inet',
      'fw',
      chain('prerouting', 'accept', -110, 'nat'),
      rule('prerouting', match({ payload: { protocol: 'udp', field: 'dport' } }, 53), verdict),
    );

  test('are redirected, and the rule that takes them is named', () => {
    const row = judge({
      tables: nat({ redirect: { port: 5353 } }),
      flows: [flow('resolver-udp', FRONT, SILENT), flow('resolver-tcp', FRONT, RESOLVED)],
    });
    expect(brief(row)).toBe('fail dns_traffic_redirected:redirect');
    expect(row?.findings[0]?.values?.['rule']).toMatch(/redirect/);
  });

  test('are refused at the gateway although the daemon listens there', () => {
    const refused = { kind: 'passed', reply: { kind: 'answer', how: 'port-unreachable', ms: 1 } } as const;
    const row = judge({ tables: nat({ redirect: { port: 5353 } }), flows: [flow('resolver-udp', FRONT, refused)] });
    expect(brief(row)).toBe('fail dns_traffic_redirected:redirect');
  });

  test('are answered by another resolver, to which a rule redirects them', () => {
    const foreign = {
      kind: 'passed',
      reply: { kind: 'answer', how: 'dns', rcode: 'NOERROR', addresses: ['192.0.2.1'], ms: 1 },
    } as const;
    const tables = nat({ redirect: { port: 5353 } });
    const row = judge({ tables, flows: [flow('resolver-udp', FRONT, foreign)] });
    expect(brief(row)).toBe('fail dns_traffic_redirected:redirect');
    expect(unquoted(row, '192.0.2.1')).toEqual([]);
    expect(brief(judge({ tables, flows: [flow('resolver-udp', FRONT, RESOLVED)] }))).toBe('pass');
  });

  test.each([
    ['the host does not answer this host either', none('silent')],
    ['the other resolver does not know the name', answers('NXDOMAIN')],
  ])('are redirected, and so are those of this host: %s, which follows', (_, a) => {
    const names = { answers: resolvedNames().answers.map((one) => ({ ...one, a })), notAsked: [] };
    const flows = [...new Set(names.answers.map(({ network }) => network))].map((network) =>
      flow('resolver-udp', network, SILENT),
    );
    const rows = judgeIsolation({ tables: nat({ redirect: { port: 5353 } }), flows, names });
    expect(brief(rows['container-traffic'])).toContain('fail dns_traffic_redirected:redirect');
    expect(brief(rows['dns-answers'])).toBe('blocked by dns_traffic_redirected');
  });

  test('are dropped on one network, and the names of another that get no answer stay unknown', () => {
    const names = { answers: resolvedNames().answers.map((one) => ({ ...one, a: none('silent') })), notAsked: [] };
    const rows = judgeIsolation({ flows: [flow('resolver-udp', FRONT, SILENT)], names });
    expect(brief(rows['container-traffic'])).toBe('fail pool_traffic_dropped:unexplained');
    expect(brief(rows['dns-answers'])).toBe('unknown');
  });

  test('for other names are redirected as well: one finding, not a loss without a reason', () => {
    const row = judge({
      tables: nat({ redirect: { port: 5353 } }),
      flows: [
        flow('resolver-udp', FRONT, SILENT),
        flow('outside-name', FRONT, SILENT, {
          target: { host: '10.244.1.1', port: 53, protocol: 'udp', name: 'resolver', question: 'example.com' },
        }),
      ],
    });
    expect(row?.findings.map(({ id }) => id)).toEqual(['dns_traffic_redirected']);
  });

  test.each([
    ['PREROUTING -p udp --dport 53 -j REDIRECT --to-ports 5353', 'iptables', 'iptables-redirect'],
    ['PREROUTING -p udp --dport 53 -j REDIRECT --to-ports 5353', 'iptables-legacy', 'legacy-redirect'],
    ['DOCKER -p udp --dport 53 -j DNAT --to-destination 172.17.0.2:53', 'iptables', 'published-port'],
  ] as const)('are redirected by -A %s of %s', (text, from, cause) => {
    const saved = `*nat\n:PREROUTING ACCEPT [0:0]\n:DOCKER - [0:0]\n-A PREROUTING -j DOCKER\n-A ${text}\nCOMMIT\n`;
    const tables = capturedTables('nft-ruleset-healthy-scopes.json').filter(({ name }) => name !== 'nat');
    const row = judge({
      ...(from === 'iptables'
        ? { tables: [...tables, ...readIptablesSave(saved, from)] }
        : { iptables: { legacyBeside: readIptablesSave(saved, from) } }),
      flows: [flow('resolver-udp', FRONT, SILENT)],
    });
    expect(brief(row)).toBe(`fail dns_traffic_redirected:${cause}`);
  });

  describe('are answered by another resolver, and no known rule redirects them', () => {
    const reply = { kind: 'answer', how: 'dns', rcode: 'NXDOMAIN', addresses: [], ms: 1 } as const;
    const asked = (given: Scene = {}) =>
      judge({ flows: [flow('resolver-udp', FRONT, { kind: 'passed', reply })], ...given });

    test('this host gets the addresses of the replicas at the same gateway', () => {
      expect(brief(asked())).toBe('fail dns_traffic_redirected:unknown');
    });

    test('the daemon has just started, and does not know every name yet', () => {
      expect(brief(asked({ started: NOW - 5_000 }))).not.toContain('dns_traffic_redirected');
    });

    test("this host gets the same answer: it is JACO's own", () => {
      const names = {
        answers: resolvedNames().answers.map((one) => ({
          ...one,
          a: {
            kind: 'answer',
            rcode: 'NXDOMAIN',
            addresses: [],
            truncated: false,
            authoritative: false,
            ms: 1,
          } as const,
        })),
        notAsked: [],
      };
      expect(brief(asked({ names }))).toBe('pass');
    });

    test('another program holds the port: dns-listeners names it', () => {
      const dnsmasq = { pid: 77, program: 'dnsmasq', uid: 0 };
      const sockets = [...SOCKETS.filter(({ address }) => address !== '10.244.1.1'), ...listens('10.244.1.1', dnsmasq)];
      expect(brief(asked({ sockets }))).toBe('pass');
    });
  });

  test('pass in spite of a redirect for others', () => {
    const elsewhere = [
      match({ payload: { protocol: 'ip', field: 'saddr' } }, '192.0.2.7'),
      { redirect: { port: 5353 } },
    ];
    const tables = withTable(
      'inet',
      'fw',
      chain('prerouting', 'accept', -110, 'nat'),
      rule('prerouting', ...elsewhere),
    );
    expect(brief(judge({ tables, flows: [flow('resolver-udp', FRONT, RESOLVED)] }))).toBe('pass');
  });

  test("are answered, but jacod's user gets no answer from its name server: a rule distinguishes users", () => {
    const owner = [
      match({ payload: { protocol: 'udp', field: 'dport' } }, 5353),
      match({ meta: { key: 'skuid' } }, 0, '!='),
      { reject: { type: 'icmpx', expr: 'port-unreachable' } },
    ];
    const row = judge({
      tables: withTable('inet', 'fw', chain('output', 'accept'), rule('output', ...owner)),
      flows: [flow('resolver-udp', FRONT, RESOLVED)],
      daemonTraffic: {
        user: 'jaco',
        uid: 997,
        gid: 997,
        flows: [
          {
            host: '127.0.0.1',
            port: 5353,
            asDaemon: { kind: 'answer', how: 'port-unreachable', ms: 1 },
            asSelf: { kind: 'answer', how: 'dns', rcode: 'NOERROR', addresses: ['192.0.2.1'], ms: 1 },
          },
        ],
      },
    });
    expect(brief(row)).toBe('fail foreign_firewall_drop:other');
    expect(row?.findings[0]?.evidence.join('\n')).toMatch(/user jaco.*127\.0\.0\.1/);
  });

  describe("and jacod's user may not run the prober", () => {
    const asked = (...expr: readonly object[]) =>
      judge({
        tables: withTable('inet', 'fw', chain('output', 'accept'), rule('output', ...expr)),
        flows: [flow('resolver-udp', FRONT, RESOLVED)],
        daemonTraffic: {
          user: 'jaco',
          uid: 997,
          gid: 998,
          flows: [
            {
              host: '127.0.0.1',
              port: 5353,
              asDaemon: null,
              asSelf: { kind: 'answer', how: 'dns', rcode: 'NOERROR', addresses: ['192.0.2.1'], ms: 1 },
            },
          ],
          notAsked: 'spawn node EACCES',
        },
      });

    test.each([
      ['its user', match({ meta: { key: 'skuid' } }, 0, '!=')],
      ['its group', match({ meta: { key: 'skgid' } }, 998)],
    ])('a rule that surely drops what %s sends is reported', (_, owner) => {
      const row = asked(owner, { drop: null });
      expect(brief(row)).toBe('fail foreign_firewall_drop:other');
      expect(unquoted(row, 'spawn node EACCES', '127.0.0.1')).toEqual([]);
    });

    test('a rule that may drop it leaves the question open, and one for other traffic is not a loss', () => {
      const owner = match({ meta: { key: 'skuid' } }, 0, '!=');
      const row = asked(owner, match({ socket: { key: 'wildcard' } }, 1), { drop: null });
      expect(brief(row)).toBe('unknown');
      expect(unquoted(row, 'spawn node EACCES')).toEqual([]);
      expect(brief(asked(match({ meta: { key: 'skuid' } }, 1_000), { drop: null }))).toBe('pass');
    });
  });
});

describe('a firewall whose rules are evaluated, because nothing could be sent', () => {
  const said = (scene: Scene) => judgeIsolation(scene)['container-traffic'];
  const accept = { kind: 'accept' } as const;
  const rule = (text: string, predicates: readonly object[], verdict: object) => ({
    predicates,
    verdict,
    text,
    handle: 7,
    extended: false,
    untracks: false,
  });
  const foreign = (hook: string, policy: 'accept' | 'drop', rules: readonly object[]) => [
    ...capturedTables('nft-ruleset-healthy-scopes.json'),
    {
      family: 'inet',
      name: 'hostfw',
      from: 'nft',
      sets: [],
      chains: [{ name: 'chain', base: { type: 'filter', hook, priority: -5, policy }, rules }],
    } as never,
  ];

  test('a policy that drops what is passed on', () => {
    const row = said({ tables: foreign('forward', 'drop', []) });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-forward');
    expect(unquoted(row, 'jaco_shop_back')).toEqual([]);
    expect(row?.findings[0]?.values).toMatchObject({
      family: 'inet',
      table: 'hostfw',
      chain: 'chain',
      pool: '10.244.0.0/16',
    });
  });

  test('one that lets answers through only', () => {
    const established = rule(
      'ct state established accept',
      [{ field: 'state', not: false, names: ['established', 'related'] }],
      accept,
    );
    const row = said({ tables: foreign('forward', 'drop', [established]) });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-forward');
  });

  test("one between containers and JACO's resolver on this host", () => {
    const lo = rule('iifname "lo" accept', [{ field: 'iif', not: false, names: ['lo'] }], accept);
    const row = said({ tables: foreign('input', 'drop', [lo]) });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-input');
    expect(unquoted(row, 'jaco_shop_back')).toEqual([]);
  });

  test('traffic between nodes matters only if there are other nodes', () => {
    const mesh = rule('iifname "jaco0" drop', [{ field: 'iif', not: false, names: ['jaco0'] }], { kind: 'drop' });
    const tables = foreign('forward', 'accept', [mesh]);
    expect(brief(said({ tables }))).toBe('pass');
    const row = said({ tables, members: [member('jaco-1'), member('jaco-2')] });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-forward');
    expect(unquoted(row, 'jaco_blog_front')).toEqual([]);
  });

  describe('what comes from other nodes', () => {
    const members = [member('jaco-1'), member('jaco-2')];
    const toMember: KernelRoute = {
      kind: 'route',
      to: '10.82.0.2',
      forwarded: null,
      type: 'unicast',
      dev: 'eth1',
      gateway: null,
      table: null,
    };
    const kernel = { routes: [...HEALTHY_ROUTES.routes, toMember] };
    const there = replica('shop-api-0', { jaco_shop_front: '10.244.9.2' }, { host: 'jaco-2' });
    const fromOthers = (tables: Scene['tables'] & object) =>
      said({ tables, members, kernel, replicas: [...REPLICAS, there], flows: [flow('container', FRONT, RESET)] });
    const tcp = (...ports: readonly number[]) => [
      { field: 'proto', not: false, names: ['tcp'] },
      { field: 'dport', not: false, ranges: ports.map((port) => [port, port]) },
    ];
    const from = (first: number, last: number) => ({ field: 'saddr', not: false, ranges: [[first, last]] });
    const established = rule('established', [{ field: 'state', not: false, names: ['established'] }], accept);

    test('of their ingress is let in by its addresses, and of their containers is dropped by a policy', () => {
      const ingress = rule('ip saddr 10.99.0.0/24 accept', [from(0x0a630000, 0x0a6300ff)], accept);
      const out = rule('iifname "jaco-*" accept', [{ field: 'iif', not: false, names: ['jaco-*'] }], accept);
      const row = fromOthers(foreign('forward', 'drop', [established, out, ingress]));
      expect(brief(row)).toBe('fail foreign_firewall_drop:nft-forward');
      expect(words(row)).toContain('containers of jaco-2 to containers of jaco_shop_front');
      expect(words(row)).not.toContain('other nodes to containers');
    });

    test('for jacod is dropped on one of its two ports, which open connections do not show', () => {
      const lo = rule('iifname "lo" accept', [{ field: 'iif', not: false, names: ['lo'] }], accept);
      const drop = rule('tcp dport 7001 drop', tcp(7001), { kind: 'drop' });
      const row = fromOthers(foreign('input', 'accept', [established, lo, drop]));
      expect(brief(row)).toBe('fail foreign_firewall_drop:member-ports');
      expect(words(row)).toContain('node jaco-2 to jacod on this node (10.82.0.1 TCP 7001)');
      expect(words(row)).not.toContain('TCP 7000');
    });

    test('for jacod arrives through another interface, where nothing drops it', () => {
      const drop = rule('iifname "eth0" drop', [{ field: 'iif', not: false, names: ['eth0'] }, ...tcp(7000, 7001)], {
        kind: 'drop',
      });
      expect(brief(fromOthers(foreign('input', 'accept', [established, drop])))).toBe('pass');
    });

    test('for jacod may be dropped after a rule that is not understood: members reach each other, so nothing is asked', () => {
      const doubt = rule('meta mark 1 accept', [{ field: 'other' }], accept);
      const drop = rule('tcp dport { 7000, 7001 } drop', tcp(7000, 7001), { kind: 'drop' });
      expect(brief(fromOthers(foreign('input', 'accept', [established, doubt, drop])))).toBe('pass');
    });
  });

  test('a policy of drop after a rule that is not understood is neither a finding nor a pass', () => {
    const mark = rule('meta mark 1 accept', [{ field: 'other' }], accept);
    const row = said({ tables: foreign('forward', 'drop', [mark]) });
    expect(brief(row)).toBe('unknown');
    expect(words(row)).toContain('meta mark 1 accept');
  });

  test("an operator's drop in DOCKER-USER, in the notation of iptables", () => {
    const saved = SAVED.replace(
      '-A DOCKER-USER -j RETURN',
      '-A DOCKER-USER -s 10.244.0.0/16 -j DROP\n-A DOCKER-USER -j RETURN',
    );
    const tables = capturedTables('nft-ruleset-healthy-scopes.json').map((one) =>
      one.family === 'ip' && one.name === 'filter'
        ? {
            ...one,
            chains: one.chains.map((chain) =>
              chain.name === 'DOCKER-USER'
                ? {
                    ...chain,
                    rules: [
                      ...chain.rules.slice(0, 2),
                      rule('x', [{ field: 'saddr', not: false, ranges: [[0x0af40000, 0x0af4ffff]] }], { kind: 'drop' }),
                      ...chain.rules.slice(2),
                    ],
                  }
                : chain,
            ),
          }
        : one,
    );
    const row = said({ tables: tables as never, saved });
    expect(brief(row)).toBe('fail foreign_firewall_drop:docker-user');
    expect(words(row)).toContain('-A DOCKER-USER -s 10.244.0.0/16 -j DROP');
  });

  test('rules of the legacy interface in addition', () => {
    const legacy = [
      {
        family: 'ip',
        name: 'filter',
        from: 'iptables-legacy',
        sets: [],
        chains: [
          {
            name: 'FORWARD',
            base: { type: 'filter', hook: 'forward', priority: 0, policy: 'accept' },
            rules: [
              rule(
                '-A FORWARD -s 10.0.0.0/8 -j DROP',
                [{ field: 'saddr', not: false, ranges: [[0x0a000000, 0x0affffff]] }],
                { kind: 'drop' },
              ),
            ],
          },
        ],
      },
    ];
    expect(brief(said({ iptables: { legacyBeside: legacy as never } }))).toBe(
      'fail foreign_firewall_drop:legacy-forward',
    );
    const unread = said({ iptables: { legacyBeside: null } });
    expect(brief(unread)).toBe('unknown');
  });

  test('no program inserts into the table of firewalld, which owns it: only its own commands change it', () => {
    const tables = foreign('forward', 'drop', []).map((one) =>
      one.name === 'hostfw' ? { ...one, name: 'firewalld' } : one,
    );
    const row = said({ tables });
    expect(brief(row)).toBe('fail foreign_firewall_drop:other');
  });

  test('a drop in another table of iptables than filter gets an exemption there: its chain is not in filter, or is another one', () => {
    const range = [[0x0a000000, 0x0affffff]] as const;
    const drop = rule('-A FORWARD -s 10.0.0.0/8 -j DROP', [{ field: 'saddr', not: false, ranges: range }], {
      kind: 'drop',
    });
    const base = { type: 'filter', hook: 'forward', priority: -150, policy: 'accept' };
    const mangle = {
      family: 'ip',
      name: 'mangle',
      from: 'iptables',
      sets: [],
      chains: [{ name: 'FORWARD', base, rules: [drop] }],
    };
    const row = said({ tables: [...capturedTables('nft-ruleset-healthy-scopes.json'), mangle as never] });
    expect(brief(row)).toBe('fail foreign_firewall_drop:iptables-forward');
    const steps = entries.find(({ id }) => id === 'foreign_firewall_drop')?.fix ?? [];
    const inserts = steps.filter(({ run }) => run?.[0] === 'iptables' && run.includes('-I'));
    for (const { run } of inserts) expect(run?.join(' ')).toMatch(/^iptables -t \{table\} -I \{chain\} /);
    expect(row?.findings[0]?.values).toMatchObject({ table: 'mangle', chain: 'FORWARD' });
  });

  test("Docker's rules from before iptables was switched to nft are still in the legacy interface, where JACO writes no exemption", () => {
    const left = readIptablesSave(
      '*filter\n:FORWARD DROP [0:0]\n:DOCKER-USER - [0:0]\n-A FORWARD -j DOCKER-USER\n-A DOCKER-USER -j RETURN\nCOMMIT\n',
      'iptables-legacy',
    );
    const row = said({ iptables: { legacyBeside: left ?? [] } });
    expect(brief(row)).toBe('fail foreign_firewall_drop:legacy-forward');
    expect(unquoted(row, 'FORWARD')).toEqual([]);
  });

  test('and so they do in nft after a switch to iptables-legacy', () => {
    const tables = capturedTables('nft-ruleset-healthy-scopes.json').map((one) =>
      one.family === 'ip' && one.name === 'filter'
        ? { ...one, chains: one.chains.map((chain) => (chain.name === 'FORWARD' ? { ...chain, rules: [] } : chain)) }
        : one,
    );
    const row = said({ tables, iptables: { variant: 'legacy', lock: { uid: 0, mode: 0o644 } } });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-forward');
    expect(unquoted(row, 'FORWARD')).toEqual([]);
  });

  test("Docker's own walls are the exemptions' business", () => {
    const flushed = capturedTables('nft-ruleset-healthy-scopes.json').map((one) =>
      one.family === 'ip' && one.name === 'filter'
        ? { ...one, chains: one.chains.map((chain) => (chain.name === 'FORWARD' ? { ...chain, rules: [] } : chain)) }
        : one,
    );
    expect(brief(said({ tables: flushed }))).toBe('pass');
  });
});

idsAndTextsArePinned('jaco', containerTraffic);
