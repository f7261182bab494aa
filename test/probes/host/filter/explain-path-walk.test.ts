import { describe, expect, test } from 'vitest';
import { explainPath, type PathDropper } from '../../../../src/probes/host/filter/explain-path.ts';
import { readIptablesSave } from '../../../../src/probes/host/filter/iptables-save.ts';
import { readNftJson } from '../../../../src/probes/host/filter/nft-json.ts';
import { ANY_PACKET, type Packet } from '../../../../src/probes/host/filter/packet.ts';
import type { HookStep } from '../../../../src/probes/host/filter/path.ts';
import type { Rule, Table } from '../../../../src/probes/host/filter/table.ts';
import { rangeOf } from '../../../../src/probes/host/ipv4.ts';
import { packetFilter } from '../../../../src/probes/jaco/isolation/packet-filter.ts';
import { capturedTables } from '../captured-tables.ts';

const range = (text: string) => rangeOf(text) ?? [0, 0];

/** The first rule or policy that surely drops a packet at these hooks, or null. */
function surelyDropped(
  tables: readonly Table[],
  hooks: readonly HookStep['hook'][],
  packet: Packet,
): PathDropper | null {
  const path = { what: '', steps: hooks.map((hook): HookStep => ({ family: 'ip', hook, packet })) };
  return explainPath(tables, path).droppers.find(({ certainty }) => certainty === 'sure') ?? null;
}

describe('what surely becomes of a packet', () => {
  const packet = (given: Partial<Packet> = {}): Packet => ({
    ...ANY_PACKET,
    saddr: range('10.244.1.0/24'),
    daddr: range('10.244.9.0/24'),
    iif: 'jaco-5042-1b78',
    oif: 'jaco0',
    proto: 'tcp',
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
    const dropper = surelyDropped(tables, ['prerouting', 'forward'], packet(given));
    return dropper === null ? null : `${dropper.chain}: ${dropper.rule?.text ?? 'policy'}`;
  };

  test('the healthy tables of a node with Docker let the traffic of one network through, and no other', () => {
    const tables = capturedTables('nft-ruleset-healthy-scopes.json');
    // On one host both ends of a network are on one bridge; from another host packets come through the mesh.
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
    ['a rule that cannot be evaluated', 'accept', ['-m time --timestart 08:00 -j DROP'], [], null],
    ['nothing, for an unknown rule may have let it pass', 'drop', ['-m mark --mark 1 -j ACCEPT'], [], null],
    ['a chain that is jumped to', 'accept', ['-j OTHER'], ['-i jaco-+ -j REJECT'], 'OTHER: -A C -i jaco-+ -j REJECT'],
    ['nothing after a return', 'accept', ['-j OTHER'], ['-j RETURN', '-j DROP'], null],
    ['rules after a jump', 'accept', ['-j OTHER', '-j DROP'], ['-j RETURN'], 'FORWARD: -A C -j DROP'],
    ['no rule after a goto', 'accept', ['-g OTHER', '-j DROP'], [], null],
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

  // As the kernel does: test/real/packet-filter sends the packets.
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
    const drops = (text: string) => surelyDropped([raw(text)], ['prerouting'], packet()) !== null;
    expect(drops('-m conntrack --ctstate NEW -j DROP')).toBe(false);
    expect(drops('-m conntrack --ctstate INVALID -j DROP')).toBe(true);
  });

  test('traffic that a rule excludes from tracking is untracked, and only that', () => {
    const raw = (text: string): Table =>
      readIptablesSave(`*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING ${text}\nCOMMIT\n`, 'iptables')[0] as Table;
    const untracked = (text: string) => [raw(text), table('drop', ['-m conntrack --ctstate UNTRACKED -j ACCEPT'])];
    expect(said(untracked('-j CT --notrack'))).toBeNull();
    expect(said(untracked('-m time --timestart 08:00 -j CT --notrack'))).toBeNull();
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

  test('a reject with a message of IPv6 does not match IPv4, although nft shows no other condition', () => {
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

  // nft 1.0.6's output for `ct state new update @m { ip saddr limit rate over 20/second } drop`, a protection of many
  // name servers.
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
  test('a narrow drop of nft in a table of iptables is shown in nft’s notation: that of iptables omits the set', () => {
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

  test('a rule that changes nothing, such as CHECKSUM, SET or AUDIT, does not hide a drop after it', () => {
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
          { table: { family: 'bridge', name: 'filter' } },
          chain('bridge', 'filter', 'drop'),
          { table: { family: 'netdev', name: 'blocklist' } },
          chain('netdev', 'blocklist', 'accept'),
          rule('netdev', 'blocklist', { drop: null }),
          rule('ip6', 'x', { drop: null }),
        ],
      }),
    );
    expect(read).toMatchObject({ beside: ['bridge filter', 'netdev blocklist'] });
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

test('of two nat chains with one priority the kernel asks the later one first, and the first translation is the last', () => {
  const nat = (table: string, verdict: object) => [
    { table: { family: 'ip', name: table } },
    { chain: { family: 'ip', table, name: 'source', type: 'nat', hook: 'postrouting', prio: 100, policy: 'accept' } },
    { rule: { family: 'ip', table, chain: 'source', handle: 2, expr: [verdict] } },
  ];
  const passes = (...order: readonly object[][]) => {
    const read = readNftJson(JSON.stringify({ nftables: order.flat() }));
    const packet: Packet = { ...ANY_PACKET, oif: 'eth0', proto: 'tcp', state: 'new', nat: [], mark: [0], ctMark: [0] };
    const step: HookStep = { family: 'ip', hook: 'postrouting', packet };
    return read.kind === 'tables' ? explainPath(read.tables, { what: '', steps: [step] }).passes : read.detail;
  };
  const [drops, masquerades] = [nat('older', { drop: null }), nat('newer', { masquerade: null })];
  expect(passes(drops, masquerades)).toBe('yes');
  expect(passes(masquerades, drops)).toBe('no');
});
