import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rule, Table } from '../../src/probes/host/filter/filter.ts';
import { readIptablesSave } from '../../src/probes/host/filter/iptables-save.ts';
import { readNftJson } from '../../src/probes/host/filter/nft-json.ts';
import { type Packet, surelyDropped } from '../../src/probes/host/filter/walk.ts';
import { covers, ipv4, prefix, rangeOf, rangeText } from '../../src/probes/host/ipv4.ts';
import { packetFilter } from '../../src/probes/jaco/isolation/packet-filter.ts';
import { capturedTable, capturedTables, hostCapture } from './nft-scene.ts';

const range = (text: string) => rangeOf(text) ?? [0, 0];

describe('ranges of addresses', () => {
  test('are read and written in every form that nft uses', () => {
    const forms = ['10.244.3.0/24', '10.244.4.5', '10.244.7.3-10.244.7.9', '0.0.0.0/0', '255.255.255.255'];
    expect(forms.map((form) => rangeText(range(form)))).toEqual(forms);
    expect(rangeText(range('10.244.3.7/24'))).toBe('10.244.3.0/24');
  });

  test('and nothing else', () => {
    const wrong = [
      '',
      '10.244.3',
      '10.244.3.0/33',
      '10.244.3.0/',
      '1.2.3.4-1.2.3.3',
      '::1',
      '10.244.300.1',
      'a-b',
      '@set',
    ];
    expect(wrong.map(rangeOf)).toEqual(wrong.map(() => null));
  });

  test('a prefix holds exactly its addresses', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }), (address, length) => {
        const [first, last] = prefix(address, length) ?? [1, 0];
        expect(last - first + 1).toBe(2 ** (32 - length));
        expect(first <= address && address <= last).toBe(true);
        expect(rangeOf(rangeText([first, last]))).toEqual([first, last]);
      }),
    );
  });

  test('two halves cover what they make up, and not an address more', () => {
    const halves = [range('10.244.1.0/24'), range('10.244.0.0/24')];
    expect(covers(halves, range('10.244.0.0/23'))).toBe(true);
    expect(covers(halves, range('10.244.0.0/22'))).toBe(false);
    expect(covers([], range('10.244.0.0/24'))).toBe(false);
    expect(ipv4('10.244.0.256')).toBeNull();
  });
});

describe('the JSON of nft', () => {
  test('gives the table of a healthy node', () => {
    const table = capturedTable('nft-healthy-scopes.json');
    expect(table.sets.map(({ name, elements }) => [name, ...(elements ?? []).map(rangeText)])).toEqual([
      ['dep_net_blog_front', '10.244.2.0/24'],
      ['dep_net_shop_back', '10.244.0.0/24'],
      ['dep_net_shop_front', '10.244.1.0/24'],
      ['jaco_pool', '10.244.0.0/24', '10.244.1.0/24', '10.244.2.0/24'],
    ]);
    expect(table.chains.map(({ name, base, rules }) => [name, base?.priority, base?.policy, rules.length])).toEqual([
      ['forward', 0, 'accept', 5],
      ['input', 0, 'accept', 0],
      ['output', 0, 'accept', 0],
    ]);
    expect(table.chains[0]?.rules.map(({ text, handle }) => `${handle}: ${text}`)).toEqual([
      '8: ct state established,related accept',
      '9: ip saddr @dep_net_blog_front ip daddr @dep_net_blog_front accept',
      '10: ip saddr @dep_net_shop_back ip daddr @dep_net_shop_back accept',
      '11: ip saddr @dep_net_shop_front ip daddr @dep_net_shop_front accept',
      '12: ip saddr @jaco_pool ip daddr @jaco_pool drop',
    ]);
  });

  const document = (...objects: unknown[]): string => JSON.stringify({ nftables: objects });
  const META = { metainfo: { version: '1.1.5', release_name: 'x', json_schema_version: 1 } };
  const TABLE = { table: { family: 'inet', name: 'jaco', handle: 1 } };
  const CHAIN = { family: 'inet', table: 'jaco', name: 'forward', handle: 1, type: 'filter', hook: 'forward' };

  test('of another release is read as far as it says the same', () => {
    const read = readNftJson(
      document(
        META,
        { ...TABLE, table: { ...TABLE.table, comment: 'new' } },
        { novelty: { family: 'inet' } },
        {
          chain: { ...CHAIN, prio: 0, policy: 'accept', comment: 'new' },
        },
        {
          set: {
            family: 'inet',
            table: 'jaco',
            name: 's',
            type: 'ipv4_addr',
            flags: 'interval',
            elem: [
              { elem: { val: { prefix: { addr: '10.244.0.0', len: 24 } }, comment: 'new' } },
              { range: ['10.244.1.0', '10.244.2.255'] },
            ],
          },
        },
        {
          set: {
            family: 'inet',
            table: 'jaco',
            name: 'odd',
            type: ['ipv4_addr', 'inet_service'],
            elem: [{ concat: [] }],
          },
        },
      ),
    );
    expect(read).toMatchObject({
      version: '1.1.5',
      tables: [
        {
          sets: [
            { name: 's', elements: [range('10.244.0.0/24'), range('10.244.1.0-10.244.2.255')] },
            { name: 'odd', elements: null },
          ],
        },
      ],
    });
  });

  test.each([
    ['cut off', hostCapture('nft-healthy-scopes.json').slice(0, 2_000), 'did not print the JSON'],
    ['empty', '', 'did not print the JSON'],
    ['no list', '{"nftables": {}}', 'did not print the JSON'],
    ['of a schema to come', document({ metainfo: { version: '2.0', json_schema_version: 2 } }), 'schema 2, known is 1'],
    [
      'with a priority in words',
      document(META, TABLE, { chain: { ...CHAIN, prio: 'filter' } }),
      'no priority that is a number',
    ],
    [
      'endless',
      document(
        META,
        TABLE,
        { chain: { ...CHAIN, prio: 0 } },
        ...Array.from({ length: 5_001 }, () => ({
          rule: { family: 'inet', table: 'jaco', chain: 'forward', expr: [] },
        })),
      ),
      'more than 5000 rules',
    ],
  ])('%s is unreadable as a whole', (_, text, why) => {
    const read = readNftJson(text);
    expect(read).toMatchObject({ kind: 'unreadable' });
    expect(read.kind === 'unreadable' && read.detail).toContain(why);
  });

  test('never throws, whatever it holds', () => {
    const isRead = (text: string): void => expect(['tables', 'unreadable']).toContain(readNftJson(text).kind);
    fc.assert(fc.property(fc.json(), (text) => void isRead(text)));
    const within = fc.record({
      nftables: fc.array(fc.dictionary(fc.constantFrom('table', 'chain', 'set', 'rule', 'metainfo'), fc.object())),
    });
    fc.assert(fc.property(within, (json) => void isRead(JSON.stringify(json))));
  });
});

describe('iptables-save', () => {
  test('is read with quoted words, negations and what belongs to a target', () => {
    const [filter] = readIptablesSave(
      [
        '# Generated by iptables-save v1.8.9 (nf_tables)',
        '*filter',
        ':FORWARD DROP [0:0]',
        ':DOCKER-USER - [0:0]',
        '-A FORWARD -m comment --comment "a \\"b\\" c" -j DOCKER-USER',
        '-A FORWARD ! -i docker0 -o jaco-+ -p tcp -m multiport --dports 80,8000:8100 -m conntrack --ctstate NEW,INVALID -j REJECT --reject-with icmp-port-unreachable',
        '-A FORWARD -m limit --limit 5/min -j LOG --log-prefix "x: "',
        '-A DOCKER-USER -s 10.244.0.0/16 -d 10.244.0.0/16 -j ACCEPT',
        '-A DOCKER-USER -m set --match-set bad src -g DOCKER-USER',
        'COMMIT',
      ].join('\n'),
      'iptables',
    ) as readonly Table[];
    expect(filter?.chains.map(({ name, base }) => [name, base])).toEqual([
      ['FORWARD', { type: 'filter', hook: 'forward', priority: 0, policy: 'drop' }],
      ['DOCKER-USER', null],
    ]);
    const [forward, user] =
      filter?.chains.map(({ rules }) => rules.map(({ predicates, verdict }) => ({ predicates, verdict }))) ?? [];
    expect(forward).toEqual([
      { predicates: [], verdict: { kind: 'jump', chain: 'DOCKER-USER' } },
      {
        predicates: [
          { field: 'iif', not: true, names: ['docker0'] },
          { field: 'oif', not: false, names: ['jaco-*'] },
          { field: 'proto', not: false, names: ['tcp'] },
          {
            field: 'dport',
            not: false,
            ports: [
              [80, 80],
              [8000, 8100],
            ],
          },
          { field: 'state', not: false, names: ['new', 'invalid'] },
        ],
        verdict: { kind: 'drop' },
      },
      { predicates: [{ field: 'other' }], verdict: { kind: 'none' } },
    ]);
    expect(user?.[1]).toEqual({ predicates: [{ field: 'other' }], verdict: { kind: 'goto', chain: 'DOCKER-USER' } });
  });

  test('never throws, and gives up on more than it reads', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => void readIptablesSave(`*filter\n:INPUT ACCEPT\n-A INPUT ${text}`, 'iptables'),
      ),
    );
    expect(
      readIptablesSave(`*filter\n:INPUT ACCEPT [0:0]\n${'-A INPUT -j DROP\n'.repeat(5_001)}`, 'iptables'),
    ).toBeNull();
  });
});

describe('what surely becomes of a packet', () => {
  const packet = (given: Partial<Packet> = {}): Packet => ({
    saddr: range('10.244.1.0/24'),
    daddr: range('10.244.9.0/24'),
    iif: 'jaco-5042-1b78',
    oif: 'jaco0',
    proto: 'tcp',
    dport: null,
    state: 'new',
    ...given,
  });
  const rule = (text: string): Rule =>
    readIptablesSave(`*t\n:C - [0:0]\n-A C ${text}`, 'iptables')?.[0]?.chains[0]?.rules[0] as Rule;
  const table = (policy: 'accept' | 'drop', rules: readonly string[], other: readonly string[] = []): Table => ({
    family: 'ip',
    name: 'filter',
    from: 'iptables',
    sets: [],
    chains: [
      { name: 'FORWARD', base: { type: 'filter', hook: 'forward', priority: 0, policy }, rules: rules.map(rule) },
      { name: 'OTHER', base: null, rules: other.map(rule) },
    ],
  });
  const said = (tables: readonly Table[], given?: Partial<Packet>): string | null => {
    const dropper = surelyDropped(tables, 'forward', packet(given));
    return dropper === null ? null : `${dropper.chain}: ${dropper.rule?.text ?? 'policy'}`;
  };

  test('the healthy tables of a node with Docker let the traffic of one network through, and no other', () => {
    const tables = capturedTables('nft-ruleset-healthy-scopes.json');
    // On one host the two ends of a network are on one bridge; from another host they come through the mesh.
    const within = { saddr: range('10.244.1.5'), daddr: range('10.244.1.9'), iif: 'jaco0', oif: 'jaco-5042-1b78' };
    expect(said(tables, within)).toBeNull();
    expect(said(tables, { ...within, daddr: range('10.244.2.9') })).toBe(
      'forward: ip saddr @jaco_pool ip daddr @jaco_pool drop',
    );
    expect(said(tables, { saddr: range('10.244.1.5'), daddr: range('198.51.100.7'), oif: 'eth0' })).toBeNull();
  });

  test('an accept in one table does not outweigh a drop in another', () => {
    expect(said([table('accept', ['-j ACCEPT']), table('drop', [])])).toBe('FORWARD: policy');
  });

  test.each([
    ['the policy', 'drop', [], [], 'FORWARD: policy'],
    ['the policy, though a rule may have before', 'drop', ['-m mark --mark 1 -j DROP'], [], 'FORWARD: policy'],
    ['a rule', 'accept', ['-s 10.244.0.0/16 -j DROP'], [], 'FORWARD: -A C -s 10.244.0.0/16 -j DROP'],
    ['a rule that holds for some of them', 'accept', ['-s 10.244.1.128/25 -j DROP'], [], null],
    ['a rule for others', 'accept', ['-s 192.0.2.0/24 -j DROP', '! -i jaco-+ -j DROP', '-p udp -j DROP'], [], null],
    ['a rule nobody can judge', 'accept', ['-m time --timestart 08:00 -j DROP'], [], null],
    ['nothing, for an unknown rule may have let it pass', 'drop', ['-m mark --mark 1 -j ACCEPT'], [], null],
    ['a chain that is jumped to', 'accept', ['-j OTHER'], ['-i jaco-+ -j REJECT'], 'OTHER: -A C -i jaco-+ -j REJECT'],
    ['nothing after a return', 'accept', ['-j OTHER'], ['-j RETURN', '-j DROP'], null],
    ['what stands after a jump', 'accept', ['-j OTHER', '-j DROP'], ['-j RETURN'], 'FORWARD: -A C -j DROP'],
    ['nothing that stands after a goto', 'accept', ['-g OTHER', '-j DROP'], [], null],
    ['nothing, for the chain is not known', 'drop', ['-j NOWHERE'], [], null],
    [
      'nothing, where established passes and it is',
      'drop',
      ['-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'],
      [],
      'FORWARD: policy',
    ],
  ] as const)('%s', (_, policy, rules, other, expected) => {
    expect(said([table(policy, rules, other)])).toBe(expected);
  });

  test('a chain that jumps to itself ends', () => {
    expect(said([table('drop', ['-j OTHER'], ['-j OTHER'])])).toBeNull();
  });

  test('a reply is not a first packet', () => {
    const tables = [table('drop', ['-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'])];
    expect(said(tables, { state: 'established' })).toBeNull();
  });

  // As the kernel does it: test/real/packet-filter sends the packets.
  test('before connections are tracked every packet is invalid', () => {
    const raw = (text: string): Table => ({
      ...table('accept', []),
      chains: [
        {
          name: 'PREROUTING',
          base: { type: 'filter', hook: 'prerouting', priority: -300, policy: 'accept' },
          rules: [rule(text)],
        },
      ],
    });
    const drops = (text: string) => surelyDropped([raw(text)], 'prerouting', packet()) !== null;
    expect(drops('-m conntrack --ctstate NEW -j DROP')).toBe(false);
    expect(drops('-m conntrack --ctstate INVALID -j DROP')).toBe(true);
  });

  test('what is kept from being tracked has a state that nobody here knows', () => {
    const untracked = (text: string) => [table('drop', ['-m conntrack --ctstate UNTRACKED -j ACCEPT'], [text])];
    expect(said(untracked('-j CT --notrack'))).toBeNull();
    expect(said(untracked('-p udp -j NOTRACK'))).toBe('FORWARD: policy');
    expect(said(untracked('-j CT --zone 1'))).toBe('FORWARD: policy');
  });

  test('no packet is in two states at once, which nft can be made to ask for', () => {
    const states = (op: string) => {
      const where = { family: 'inet', table: 'f', chain: 'c' };
      const match = { op, left: { ct: { key: 'state' } }, right: { '|': ['established', 'related'] } };
      const read = readNftJson(
        JSON.stringify({
          nftables: [
            { table: { family: 'inet', name: 'f' } },
            { chain: { ...where, name: 'c', type: 'filter', hook: 'forward', prio: 0, policy: 'accept' } },
            { rule: { ...where, expr: [{ match }, { drop: null }] } },
          ],
        }),
      );
      return said(read.kind === 'tables' ? read.tables : [], { state: 'established' });
    };
    expect(states('!=')).toBe('c: ct state != established | related drop');
    expect(states('==')).toBeNull();
  });

  test('what is refused by a message of IPv6 is no packet of IPv4, though nft says nothing else of it', () => {
    const where = { family: 'inet', table: 'f', chain: 'c' };
    const refused = (type: string) => {
      const read = readNftJson(
        JSON.stringify({
          nftables: [
            { table: { family: 'inet', name: 'f' } },
            { chain: { ...where, name: 'c', type: 'filter', hook: 'forward', prio: 0, policy: 'accept' } },
            { rule: { ...where, expr: [{ reject: { type, expr: 'port-unreachable' } }] } },
          ],
        }),
      );
      return said(read.kind === 'tables' ? read.tables : []);
    };
    expect(refused('icmpv6')).toBeNull();
    expect(refused('icmp')).toBe('c: reject');
    expect(refused('icmpx')).toBe('c: reject');
  });

  // As nft 1.0.6 prints `ct state new update @m { ip saddr limit rate over 20/second } drop`, a guard of many name servers.
  test.each([
    [
      'a set with a limit',
      {
        set: { op: 'update', elem: { payload: { protocol: 'ip', field: 'saddr' } }, set: '@m', stmt: [{ limit: {} }] },
      },
    ],
    [
      'a set that may be full',
      { set: { op: 'add', elem: { payload: { protocol: 'ip', field: 'saddr' } }, set: '@m' } },
    ],
    [
      'a meter',
      { meter: { key: { payload: { protocol: 'ip', field: 'saddr' } }, stmt: { 'ct count': { val: 20 } }, name: 'f' } },
    ],
    ['a map', { map: { op: 'add', elem: 'x', data: 'y', map: '@m' } }],
  ])('a guard against floods drops no ordinary packet: %s', (_, guard) => {
    const where = { family: 'inet', table: 'f', chain: 'c' };
    const state = { match: { op: 'in', left: { ct: { key: 'state' } }, right: 'new' } };
    const read = readNftJson(
      JSON.stringify({
        nftables: [
          { table: { family: 'inet', name: 'f' } },
          { chain: { ...where, name: 'c', type: 'filter', hook: 'forward', prio: 0, policy: 'accept' } },
          { rule: { ...where, expr: [state, guard, { drop: null }] } },
        ],
      }),
    );
    expect(said(read.kind === 'tables' ? read.tables : [])).toBeNull();
  });

  // Seen with nft 1.0.6 and iptables 1.8.9: `nft add rule ip filter FORWARD ip saddr @x drop` is saved as `-A FORWARD -j DROP`.
  test('a narrow drop of nft in a table of iptables is told in the words of nft: those of iptables leave the set out', () => {
    const where = { family: 'ip', table: 'filter' };
    const saddr = { payload: { protocol: 'ip', field: 'saddr' } };
    const drop = (right: unknown) => ({
      rule: {
        ...where,
        chain: 'FORWARD',
        handle: 9,
        expr: [{ match: { op: '==', left: saddr, right } }, { drop: null }],
      },
    });
    const texts = (right: unknown, saved: string) => {
      const read = readNftJson(
        JSON.stringify({
          nftables: [
            { table: { family: 'ip', name: 'filter' } },
            { set: { ...where, name: 'x', type: 'ipv4_addr', elem: ['10.244.0.9'] } },
            { chain: { ...where, name: 'FORWARD', type: 'filter', hook: 'forward', prio: 0, policy: 'accept' } },
            drop(right),
          ],
        }),
      );
      const tables = readIptablesSave(`*filter\n:FORWARD ACCEPT [0:0]\n-A FORWARD ${saved}\nCOMMIT\n`, 'iptables');
      const facts = { nft: read, iptables: { kind: 'value', value: { variant: 'nft', tables, legacyBeside: [] } } };
      const both = packetFilter.derive(facts as never, 0);
      const merged = both.kind === 'value' ? both.value.tables : [];
      return [merged[0]?.chains[0]?.rules[0]?.text, said(merged, { saddr: range('10.244.0.2') })];
    };
    expect(texts('@x', '-j DROP')).toEqual(['ip saddr @x drop', null]);
    expect(texts({ set: ['10.244.0.9', '10.244.0.11'] }, '-j DROP')).toEqual([
      'ip saddr 10.244.0.9, 10.244.0.11 drop',
      null,
    ]);
    expect(texts('10.244.0.9', '-s 10.244.0.9/32 -j DROP')).toEqual(['-A FORWARD -s 10.244.0.9/32 -j DROP', null]);
  });

  test('a rule that only notes something, such as CHECKSUM, SET or AUDIT, hides no drop behind it', () => {
    for (const target of ['CHECKSUM --checksum-fill', 'SET --add-set seen src', 'AUDIT --type drop'])
      expect(said([table('accept', [`-j ${target}`, '-j DROP'])])).toBe('FORWARD: -A C -j DROP');
  });

  test('tables of bridges and devices are named where they drop something; those that libvirt and ebtables leave empty are not', () => {
    const chain = (family: string, table: string, policy: string) => ({
      chain: { family, table, name: 'c', type: 'filter', hook: 'ingress', prio: 0, policy },
    });
    const rule = (family: string, table: string, verdict: object) => ({
      rule: { family, table, chain: 'c', handle: 3, expr: [{ counter: null }, verdict] },
    });
    const read = readNftJson(
      JSON.stringify({
        nftables: [
          { table: { family: 'bridge', name: 'nat' } },
          chain('bridge', 'nat', 'accept'),
          rule('bridge', 'nat', { accept: null }),
          chain('bridge', 'filter', 'drop'),
          chain('netdev', 'blocklist', 'accept'),
          rule('netdev', 'blocklist', { drop: null }),
          rule('ip6', 'x', { drop: null }),
        ],
      }),
    );
    expect(read).toMatchObject({ tables: [], beside: ['bridge filter', 'netdev blocklist'] });
  });

  test("nft's map of states is one rule a state", () => {
    const match = { family: 'inet', table: 'f', chain: 'c' };
    const read = readNftJson(
      JSON.stringify({
        nftables: [
          { table: { family: 'inet', name: 'f' } },
          { chain: { ...match, name: 'c', type: 'filter', hook: 'forward', prio: 0, policy: 'drop' } },
          {
            rule: {
              ...match,
              expr: [
                {
                  vmap: {
                    key: { ct: { key: 'state' } },
                    data: {
                      set: [
                        ['established', { accept: null }],
                        ['related', { accept: null }],
                        ['invalid', { drop: null }],
                      ],
                    },
                  },
                },
              ],
            },
          },
        ],
      }),
    );
    const tables = read.kind === 'tables' ? read.tables : [];
    expect(said(tables)).toBe('c: policy');
    expect(said(tables, { state: 'established' })).toBeNull();
  });
});
