import fc from 'fast-check';

/** Keeps the kernel tracking connections, with any rules under test. */
export const TRACKS =
  'table inet keep { chain forward { type filter hook forward priority -400; ct state new counter accept; }; }';

/** Sets that the rules of iptables name, for `ipset restore`. */
export const SETS = `create hosts hash:net family inet
create pairs hash:ip,port family inet
add hosts 10.244.0.0/25
add hosts 192.0.2.0/24
add pairs 10.244.1.2,udp:9000
`;

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
    ...(hook === 'forward' || hook === 'postrouting'
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
    fc
      .tuple(not, fc.constantFrom('1-1023', '10000-29999', '{ 53, 67 }', '9000'))
      .map((it) => `udp sport ${it.join('')}`),
    fc
      .tuple(fc.constantFrom('meta mark', 'ct mark'), not, fc.constantFrom('0x1', '0x0', '{ 0x1, 0x3 }', '@marks'))
      .map(([mark, no, set]) => `${mark} ${no}${set}`),
    fc.constantFrom('meta mark & 0x2 == 0x2', 'meta mark & 0xff != 0x1', 'ct status dnat', 'ct status snat,dnat'),
    fc.constantFrom('ct direction original', 'ct direction reply', 'ct direction != original'),
    fc.constantFrom('icmp type echo-request', 'icmp type != echo-request', 'tcp flags syn'),
    fc.constantFrom(
      'meta ipsec exists',
      'meta ipsec missing',
      'ip frag-off & 0x1fff != 0',
      'ip frag-off & 0x1fff == 0',
    ),
    fc.tuple(not, fc.constantFrom('@ports', '@wide')).map((it) => `udp dport ${it.join('')}`),
    fc.tuple(not, fc.constantFrom('@interfaces', '@bridges')).map((it) => `iifname ${it.join('')}`),
    fc.tuple(not, fc.constantFrom('@protocols')).map((it) => `meta l4proto ${it.join('')}`),
    fc
      .tuple(not, fc.constantFrom('@pairs', '{ 10.244.1.2 . 9000 }'))
      .map((it) => `ip daddr . udp dport ${it.join('')}`),
    fc
      .tuple(not, fc.constantFrom('{ "jaco-a" . udp, "eth9" . tcp }', '{ "jaco-b" . udp }'))
      .map((it) => `iifname . meta l4proto ${it.join('')}`),
    ...(hook === 'any'
      ? []
      : [fc.constantFrom('fib daddr type local', 'fib daddr type unicast', 'fib saddr type != local')]),
    ...(hook === 'output'
      ? [fc.constantFrom('meta skuid 0', 'meta skuid != 0', 'meta skuid { 0, 1000 }', 'meta skuid 1000')]
      : []),
  );
const rule = (hook: string, targets: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(
          fc.array(predicate(hook), { maxLength: 3 }),
          fc.constantFrom(
            '',
            '',
            'counter',
            'log prefix "x"',
            'meta mark set 0x1',
            'meta mark set mark or 0x2',
            'meta mark set 0x0',
            ...(hook === 'prerouting' || hook === 'any' ? [] : ['ct mark set 0x1', 'ct mark set meta mark']),
            ...(hook === 'prerouting' ? ['notrack'] : []),
          ),
          fc.oneof(
            { weight: 4, arbitrary: fc.constantFrom('accept', 'drop', 'return', '') },
            {
              weight: 1,
              arbitrary: ['prerouting', 'postrouting'].includes(hook)
                ? fc.constant('drop')
                : fc.constantFrom('reject', 'drop'),
            },
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
        'iifname vmap @ways',
        'udp dport vmap { 53 : accept, 9000 : drop }',
        'meta l4proto . th dport vmap { udp . 9000 : accept, tcp . 9000 : drop }',
        ...(targets.includes('two')
          ? ['iifname vmap { "jaco-a" : jump two, "jaco-b" : goto two, "lo" : accept }']
          : []),
      ),
    },
  );

const HOOKS = ['prerouting', 'forward', 'input', 'output', 'postrouting'] as const;
const chain = fc.constantFrom(...HOOKS).chain((hook) =>
  fc.record({
    hook: fc.constant(hook),
    priority: fc.constantFrom(-300, -150, 0, 10, 150),
    policy: fc.constantFrom('accept', 'accept', 'drop'),
    rules: fc.array(rule(hook, ['one', 'two']), { maxLength: 5 }),
  }),
);
const nftTable: fc.Arbitrary<string> = fc
  .record({
    family: fc.constantFrom('ip', 'inet'),
    chains: fc.array(chain, { minLength: 1, maxLength: 3 }),
    // A chain that a jump leads to must be valid in every hook: no rule of it uses a match of only one hook.
    one: fc.array(rule('any', ['two']), { maxLength: 3 }),
    two: fc.array(rule('any', []), { maxLength: 3 }),
    translates: fc.option(fc.array(rule('postrouting', ['two']), { maxLength: 1 }), { freq: 3 }),
    redirects: fc.option(
      fc.array(
        rule('prerouting', ['two']).map((text) => text.replace('notrack', '')),
        { maxLength: 1 },
      ),
      { freq: 6 },
    ),
    dormant: fc.constantFrom(false, false, false, false, false, false, false, true),
  })
  .map(({ family, chains, one, two, translates, redirects, dormant }) =>
    [
      `table ${family} test {`,
      'set near { type ipv4_addr; flags interval; elements = { 10.244.0.0/25, 10.9.0.0/16 } }',
      ...(dormant ? ['flags dormant'] : []),
      'set ports { type inet_service; elements = { 53, 9000 } }',
      'set wide { type inet_service; flags interval; elements = { 1-100, 8000-8999 } }',
      'set interfaces { type ifname; elements = { "jaco-a", "eth9" } }',
      'set bridges { type ifname; flags interval; elements = { "jaco-*", "docker0" } }',
      'set protocols { type inet_proto; elements = { tcp, icmp } }',
      'set marks { type mark; elements = { 0x1, 0x7 } }',
      'set pairs { type ipv4_addr . inet_service; flags interval; elements = { 10.244.1.0/24 . 9000-9100, 192.0.2.1 . 53 } }',
      'map ways { type ifname : verdict; elements = { "jaco-a" : accept, "jaco-b" : drop } }',
      'set far { type ipv4_addr; elements = { 10.244.1.2, 10.244.1.3 } }',
      `chain two {\n${two.join('\n')}\n}`,
      `chain one {\n${one.join('\n')}\n}`,
      ...chains.map(
        ({ hook, priority, policy, rules }, at) =>
          `chain c${at} { type filter hook ${hook} priority ${priority}; policy ${policy};\n${rules.join('\n')}\n}`,
      ),
      ...(translates === null
        ? []
        : [
            `chain source { type nat hook postrouting priority srcnat; policy accept;\n${translates.join('\n')}\nudp dport 9000 oifname "jaco-b" masquerade\n}`,
          ]),
      ...(redirects === null
        ? []
        : [
            `chain destination { type nat hook prerouting priority dstnat; policy accept;\n${redirects.join('\n')}\nudp dport 9000 iifname "jaco-a" redirect to :9\n}`,
          ]),
      '}',
    ]
      // `ip6` and `nfproto` are words of inet only.
      .map((line) =>
        family === 'ip' ? line.replace(/(meta nfproto (!= )?ipv[46]|ip6 saddr ::1)/g, 'meta l4proto udp') : line,
      )
      .join('\n'),
  );

/** One or two tables, as text for `nft -f`. Some random rules contradict each other, and nft rejects them. */
export const nftRuleset: fc.Arbitrary<string> = fc
  .array(nftTable, { minLength: 1, maxLength: 2 })
  // Two tables of one name would be one.
  .map((tables) => tables.map((table, at) => table.replace(' test {', ` test${at} {`)).join('\n'));

/** Options of iptables as its users write them; ports need their protocol before them. */
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
    fc.constantFrom('-m mark --mark 0x1', '-m mark ! --mark 0x1', '-m mark --mark 0x2/0x2', '-m connmark --mark 0x1'),
    fc.constantFrom(
      '-m conntrack --ctdir ORIGINAL',
      '-m conntrack --ctstate DNAT',
      '-m conntrack --ctorigdst 10.244.1.2',
    ),
    fc.constantFrom('-m iprange --src-range 10.244.0.1-10.244.0.9', '-m iprange ! --dst-range 10.244.1.1-10.244.1.9'),
    fc.constantFrom('-m addrtype --dst-type LOCAL', '-m addrtype ! --dst-type LOCAL', '-m addrtype --src-type UNICAST'),
    fc.constantFrom('-m policy --dir in --pol none', '-m policy --dir in --pol ipsec', '! -f', '-f'),
    fc.constantFrom(
      '-m set --match-set hosts src',
      '-m set ! --match-set hosts dst',
      '-m set --match-set pairs dst,dst',
    ),
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
  '-p udp -m udp --sport 1:1023',
  '-p 17',
  '-p icmp -m icmp --icmp-type 8',
  '-p tcp -m tcp --tcp-flags SYN,ACK SYN',
  '-p udp -m multiport --ports 9000',
);
const line = (hook: string, targets: readonly string[], table = ''): fc.Arbitrary<string> =>
  fc
    .tuple(
      protocol,
      fc.uniqueArray(option(hook), { maxLength: 2, selector: (text) => text.replace('! ', '').slice(0, 7) }),
      fc.constantFrom('', '', '-m comment --comment "of -j ACCEPT"'),
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom('ACCEPT', 'DROP', 'RETURN', 'LOG') },
        ...(table === 'raw' ? [{ weight: 1, arbitrary: fc.constant('CT --notrack') }] : []),
        ...(table === 'mangle'
          ? [
              {
                weight: 2,
                arbitrary: fc.constantFrom(
                  'MARK --set-xmark 0x1/0xffffffff',
                  'MARK --set-xmark 0x2/0x2',
                  'CONNMARK --save-mark',
                ),
              },
            ]
          : []),
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
/** Tables raw, mangle and filter, as text for iptables-restore. */
export const iptablesRules: fc.Arbitrary<string> = fc
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
