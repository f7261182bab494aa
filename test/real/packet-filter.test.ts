import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { value } from '../../src/engine/outcome.ts';
import { surelyDropped } from '../../src/probes/host/filter/explain.ts';
import type { Table } from '../../src/probes/host/filter/filter.ts';
import { readIptablesSave } from '../../src/probes/host/filter/iptables-save.ts';
import { readNftJson } from '../../src/probes/host/filter/nft-json.ts';
import { ANY_PACKET, type Packet } from '../../src/probes/host/filter/packet.ts';
import type { Step } from '../../src/probes/host/filter/path.ts';
import { rangeOf } from '../../src/probes/host/ipv4.ts';
import { packetFilter } from '../../src/probes/jaco/isolation/packet-filter.ts';
import { Router } from './net/router.ts';

// What the doctor concludes from rules is compared with what the kernel does with packets.
let router: Router;
beforeAll(async () => {
  router = await Router.start();
});
afterAll(() => router?.close());

const udp = (given: Partial<Packet>): Packet => ({
  ...ANY_PACKET,
  proto: 'udp',
  dport: [9_000, 9_000],
  state: 'new',
  ...given,
});
const A = rangeOf('10.244.0.2');
const B = rangeOf('10.244.1.2');
const across = udp({ saddr: A, daddr: B, iif: 'jaco-a', oif: 'jaco-b' });
const inward = udp({ saddr: A, daddr: rangeOf('10.244.0.1'), iif: 'jaco-a' });

/** Who drops the packet on its way, by the model. */
function dropped(tables: readonly Table[], hooks: readonly Step['hook'][], packet: Packet): boolean {
  return surelyDropped(tables, hooks, packet) !== null;
}

/** Three packets that differ in their way and state; what the model says of each must be what happens. */
async function compare(tables: readonly Table[], established: number, text: string): Promise<void> {
  const forward = ['prerouting', 'forward'] as const;
  const back = udp({
    saddr: B,
    daddr: A,
    iif: 'jaco-b',
    oif: 'jaco-a',
    dport: [established, established],
    state: 'established',
  });
  const said = {
    across: !dropped(tables, forward, across),
    inward: !dropped(tables, ['prerouting', 'input'], inward),
    back: !dropped(tables, forward, back),
  };
  const from = { place: 'a', port: router.newPort() } as const;
  const seen = {
    across: await router.arrives(from, { place: 'b', ip: '10.244.1.2', port: 9_000 }, said.across),
    inward: await router.arrives(
      { ...from, port: router.newPort() },
      { place: 'router', ip: '10.244.0.1', port: 9_000 },
      said.inward,
    ),
    back: await router.arrives(
      { place: 'b', port: 9_000 },
      { place: 'a', ip: '10.244.0.2', port: established },
      said.back,
    ),
  };
  // What a rule keeps from being tracked is not followed: of that, only what is called dropped must be so.
  if (text.includes('notrack')) {
    expect(Object.entries(said).filter(([way, passes]) => !passes && seen[way as keyof typeof seen])).toEqual([]);
    return;
  }
  expect(seen).toEqual(said);
}

/** Opens a flow from `a` to `b` while nothing filters, so that its answers are established; gives the port of `a`. */
async function opened(): Promise<number> {
  const port = router.newPort();
  const through = await router.arrives({ place: 'a', port }, { place: 'b', ip: '10.244.1.2', port: 9_000 }, true);
  expect(through).toBe(true);
  return port;
}

/** Keeps the kernel tracking connections, whatever the rules under test are. */
const TRACKS =
  'table inet keep { chain forward { type filter hook forward priority -400; ct state new counter accept; }; }';

const addresses = fc.constantFrom(
  '10.244.0.0/24',
  '10.244.0.2',
  '10.244.1.0/24',
  '10.244.0.3-10.244.0.9',
  '{ 10.244.0.2, 192.0.2.0/24 }',
  '{ 10.244.1.0-10.244.1.2, 10.244.9.1 }',
  '0.0.0.0/0',
  '192.0.2.1',
  '@near',
  '@far',
);
const not = fc.constantFrom('', '', '!= ');
const predicate = (hook: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.tuple(fc.constantFrom('saddr', 'daddr'), not, addresses).map(([field, no, set]) => `ip ${field} ${no}${set}`),
    fc
      .tuple(not, fc.constantFrom('"jaco-a"', '"jaco-*"', '"eth9"', '{ "jaco-a", "lo" }'))
      .map((it) => `iifname ${it.join('')}`),
    ...(hook === 'forward'
      ? [fc.tuple(not, fc.constantFrom('"jaco-b"', '"jaco-*"', '"eth9"')).map((it) => `oifname ${it.join('')}`)]
      : []),
    fc.tuple(not, fc.constantFrom('udp', 'tcp', '{ tcp, udp }')).map((it) => `meta l4proto ${it.join('')}`),
    fc.tuple(not, fc.constantFrom('udp', 'icmp')).map((it) => `ip protocol ${it.join('')}`),
    fc
      .tuple(fc.constantFrom('udp', 'tcp', 'th'), not, fc.constantFrom('9000', '53', '9000-40000', '{ 53, 9000 }'))
      .map(([proto, no, ports]) => `${proto === 'th' ? 'meta l4proto udp th' : proto} dport ${no}${ports}`),
    fc
      .tuple(not, fc.constantFrom('new', 'established', 'established,related', '{ new, invalid }'))
      .map((it) => `ct state ${it.join('')}`),
    fc.constantFrom('meta nfproto ipv4', 'meta nfproto ipv6', 'ip6 saddr ::1', 'meta nfproto != ipv4'),
  );
const rule = (hook: string, targets: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(
          fc.array(predicate(hook), { maxLength: 3 }),
          fc.constantFrom('', '', 'counter', 'log prefix "x"', ...(hook === 'prerouting' ? ['notrack'] : [])),
          fc.oneof(
            { weight: 4, arbitrary: fc.constantFrom('accept', 'drop', 'return', '') },
            { weight: 1, arbitrary: hook === 'prerouting' ? fc.constant('drop') : fc.constantFrom('reject', 'drop') },
            ...(targets.length === 0
              ? []
              : [
                  {
                    weight: 2,
                    arbitrary: fc
                      .tuple(fc.constantFrom('jump', 'goto'), fc.constantFrom(...targets))
                      .map((it) => it.join(' ')),
                  },
                ]),
          ),
        )
        .map((parts) => parts.flat().filter(Boolean).join(' '))
        .filter((text) => text !== ''),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'ct state vmap { established : accept, invalid : drop }',
        'ct state vmap { new : drop, related : accept }',
        'iifname vmap { "jaco-a" : drop, "eth9" : accept }',
      ),
    },
  );

/** `limit` and marks are understood by nobody here: what the model calls dropped must still be dropped. */
const HOOKS = ['prerouting', 'forward', 'input'] as const;
const chain = fc.constantFrom(...HOOKS).chain((hook) =>
  fc.record({
    hook: fc.constant(hook),
    priority: fc.constantFrom(-300, -150, 0, 10),
    policy: fc.constantFrom('accept', 'accept', 'drop'),
    rules: fc.array(rule(hook, ['one', 'two']), { maxLength: 5 }),
  }),
);
const nftTable = fc
  .record({
    family: fc.constantFrom('ip', 'inet'),
    chains: fc.array(chain, { minLength: 1, maxLength: 3 }),
    // A chain that a jump leads to must do in every hook: no rule of it asks for what only one hook has.
    one: fc.array(rule('any', ['two']), { maxLength: 3 }),
    two: fc.array(rule('any', []), { maxLength: 3 }),
  })
  .map(({ family, chains, one, two }) =>
    [
      `table ${family} test {`,
      'set near { type ipv4_addr; flags interval; elements = { 10.244.0.0/25, 10.9.0.0/16 } }',
      'set far { type ipv4_addr; elements = { 10.244.1.2, 10.244.1.3 } }',
      `chain two {\n${two.join('\n')}\n}`,
      `chain one {\n${one.join('\n')}\n}`,
      ...chains.map(
        ({ hook, priority, policy, rules }, at) =>
          `chain c${at} { type filter hook ${hook} priority ${priority}; policy ${policy};\n${rules.join('\n')}\n}`,
      ),
      '}',
    ]
      // `ip6` and `nfproto` are words of inet only.
      .map((line) =>
        family === 'ip' ? line.replace(/(meta nfproto (!= )?ipv[46]|ip6 saddr ::1)/g, 'meta l4proto udp') : line,
      )
      .join('\n'),
  );

/** Options of iptables as its users write them; ports want their protocol before them. */
const option = (hook: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc
      .tuple(
        fc.constantFrom('', '', '! '),
        fc.constantFrom('-s', '-d'),
        fc.constantFrom('10.244.0.0/24', '10.244.0.2/32', '10.244.1.0/24', '0.0.0.0/1', '192.0.2.0/24'),
      )
      .map(([no, side, set]) => `${no}${side} ${set}`),
    fc
      .tuple(fc.constantFrom('', '! '), fc.constantFrom('jaco-a', 'jaco-+', 'eth9'))
      .map(([no, name]) => `${no}-i ${name}`),
    ...(hook === 'FORWARD'
      ? [
          fc
            .tuple(fc.constantFrom('', '! '), fc.constantFrom('jaco-b', 'jaco-+', 'eth9'))
            .map(([no, name]) => `${no}-o ${name}`),
        ]
      : []),
    fc
      .tuple(fc.constantFrom('', '! '), fc.constantFrom('NEW', 'ESTABLISHED', 'RELATED,ESTABLISHED', 'INVALID'))
      .map(([no, states]) => `-m conntrack ${no}--ctstate ${states}`),
  );
const protocol = fc.constantFrom(
  '',
  '',
  '-p udp',
  '-p tcp',
  '! -p tcp',
  '-p udp -m udp --dport 9000',
  '-p udp -m udp ! --dport 9000',
  '-p udp -m udp --dport 53:9000',
  '-p udp -m multiport --dports 53,9000',
  '-p udp -m multiport ! --dports 53,80',
);
const line = (hook: string, targets: readonly string[], table = ''): fc.Arbitrary<string> =>
  fc
    .tuple(
      protocol,
      fc.uniqueArray(option(hook), { maxLength: 2, selector: (text) => text.replace('! ', '').slice(0, 5) }),
      fc.constantFrom('', '', '-m comment --comment "of -j ACCEPT"'),
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom('ACCEPT', 'DROP', 'RETURN', 'LOG') },
        ...(table === 'raw' ? [{ weight: 1, arbitrary: fc.constant('CT --notrack') }] : []),
        ...(hook === 'FORWARD' || hook === 'INPUT'
          ? [{ weight: 1, arbitrary: fc.constantFrom('REJECT', 'REJECT --reject-with icmp-host-prohibited') }]
          : []),
        ...(targets.length === 0 ? [] : [{ weight: 2, arbitrary: fc.constantFrom(...targets) }]),
      ),
      fc.constantFrom('-j', '-j', '-j', '-g'),
    )
    .map(([proto, options, comment, target, how]) =>
      [proto, ...options, comment, targets.includes(target) ? how : '-j', target].filter(Boolean).join(' '),
    );
const builtIn = (table: string, hook: string) =>
  fc.record({
    table: fc.constant(table),
    hook: fc.constant(hook),
    policy: fc.constantFrom('ACCEPT', 'ACCEPT', 'DROP'),
    rules: fc.array(line(hook, ['ONE', 'TWO'], table), { maxLength: 5 }),
  });
const iptablesRules = fc
  .record({
    chains: fc.tuple(
      builtIn('raw', 'PREROUTING'),
      builtIn('mangle', 'PREROUTING'),
      builtIn('mangle', 'FORWARD'),
      builtIn('filter', 'FORWARD'),
      builtIn('filter', 'INPUT'),
    ),
    one: fc.array(line('PREROUTING', ['TWO']), { maxLength: 3 }),
    two: fc.array(line('PREROUTING', []), { maxLength: 3 }),
  })
  .map(({ chains, one, two }) =>
    ['raw', 'mangle', 'filter']
      .flatMap((table) => {
        const own = chains.filter((one) => one.table === table);
        return [
          `*${table}`,
          ...own.map(({ hook, policy }) => `:${hook} ${policy} [0:0]`),
          ':ONE - [0:0]',
          ':TWO - [0:0]',
          ...one.map((rule) => `-A ONE ${rule}`),
          ...two.map((rule) => `-A TWO ${rule}`),
          ...own.flatMap(({ hook, rules }) => rules.map((rule) => `-A ${hook} ${rule}`)),
          'COMMIT',
          '',
        ];
      })
      .join('\n'),
  );

/** Every chain as the kernel has it at first: policies stay where a table is only flushed. */
const EMPTY = Object.entries({ raw: ['PREROUTING'], mangle: ['PREROUTING', 'FORWARD'], filter: ['INPUT', 'FORWARD'] })
  .map(([table, chains]) => [`*${table}`, ...chains.map((name) => `:${name} ACCEPT [0:0]`), 'COMMIT', ''].join('\n'))
  .join('');

describe('the walk through rules, against the kernel', () => {
  it('of nft', async () => {
    let some = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(nftTable, { minLength: 1, maxLength: 2 }), async (tables) => {
        router.on(['nft', '-f', '-'], `flush ruleset\n${TRACKS}`);
        const established = await opened();
        // Two tables of one name would be one.
        const text = tables.map((table, at) => table.replace(' test {', ` test${at} {`)).join('\n');
        // Some of what is made up at random contradicts itself, which nft refuses.
        fc.pre(router.run(['nft', '-f', '-'], text).status === 0);
        const read = readNftJson(router.on(['nft', '-j', 'list', 'ruleset']));
        if (read.kind !== 'tables') throw new Error(JSON.stringify(read));
        if (dropped(read.tables, ['prerouting', 'forward'], across)) some += 1;
        await compare(read.tables, established, text);
      }),
      { numRuns: 200 },
    );
    expect(some).toBeGreaterThan(20);
  });

  it.each(['nft', 'legacy'] as const)('of iptables, its %s variant', async (variant) => {
    const clear = (): void => {
      router.on(['nft', '-f', '-'], `flush ruleset\n${TRACKS}`);
      router.on(['iptables-legacy-restore'], EMPTY);
    };
    await fc.assert(
      fc.asyncProperty(iptablesRules, async (text) => {
        clear();
        const established = await opened();
        fc.pre(router.run([`iptables-${variant}-restore`], text).status === 0);
        const tables = readIptablesSave(
          router.on([`iptables-${variant}-save`]),
          variant === 'nft' ? 'iptables' : 'iptables-legacy',
        );
        await compare(tables, established, text);
        if (variant === 'legacy') return;
        // And as the doctor has it: what nft shows of them, with the words of iptables-save.
        const read = readNftJson(router.on(['nft', '-j', 'list', 'ruleset']));
        if (read.kind !== 'tables') throw new Error(JSON.stringify(read));
        const both = packetFilter.derive(
          {
            nft: { tables: read.tables, version: null },
            iptables: value({ variant, version: '1.8', tables, legacyBeside: [], lock: null }),
          } as never,
          0,
        );
        await compare(both.kind === 'value' ? both.value.tables : [], established, text);
      }),
      { numRuns: 150 },
    );
    clear();
  });
});
