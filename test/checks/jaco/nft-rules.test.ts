import { describe, expect, test } from 'vitest';
import nftRules from '../../../checks/jaco/nft-rules.ts';
import { entries } from '../../../src/catalog/generated/jaco.ts';
import { readIptablesSave } from '../../../src/probes/host/filter/iptables-save.ts';
import { capturedTable, capturedTables } from '../../probes/host/captured-tables.ts';
import { brief, everyIdIsFound, words } from '../scene.ts';
import {
  deployment,
  judgeIsolation,
  member,
  NOW,
  network,
  replica,
  SAVED,
  type Scene,
} from './scenes/isolation-scene.ts';

const table = (name: string) => ({ kind: 'table', table: capturedTable(name), version: '1.0.6' }) as const;
const fault = (name: string) => table(`nft-faults/${name}.json`);
const SECOND = 1_000;

describe('nft-rules: what the daemon never looks at', () => {
  const said = (scene: Scene) => judgeIsolation(scene)['nft-rules'];

  test.each([
    ['rules-flushed', 'chain forward has no rules; the daemon writes 5'],
    ['flush-table', 'chain forward has no rules; the daemon writes 5'],
    ['rule-deleted-drop', 'the drop at the end is gone'],
    ['stacked-rules', 'its rules stand there 2 times'],
    ['foreign-accept-first', 'a rule that the daemon did not write decides before the drop: '],
    ['element-removed-pool', '10.244.2.0/24 of dep_net_blog_front is not in jaco_pool: nothing keeps it apart'],
    [
      'element-added-scope',
      '10.244.2.0/24 stands in dep_net_blog_front and in dep_net_shop_back: the two reach each other',
    ],
  ])('%s', (name, because) => {
    const row = said({ table: fault(name) });
    expect(brief(row)).toBe('fail isolation_rules_wrong:rules');
    expect(words(row)).toContain(because);
    expect(words(row)).toContain('the daemon compares none of this');
  });

  test('a further chain that drops nothing is a note', () => {
    const row = said({ table: fault('extra-chain') });
    expect(brief(row)).toBe('pass');
    expect(words(row)).toContain('has what the daemon did not write and drops nothing');
  });

  test('a difference that the daemon sees mends the others too', () => {
    const { table: both } = fault('rules-flushed');
    const row = said({
      table: {
        kind: 'table',
        table: { ...both, chains: both.chains.filter(({ name }) => name !== 'input') },
        version: null,
      },
    });
    expect(words(row)).toContain('for another difference, which it does see, it writes the table anew within 30 s');
  });

  test('an accept that stands after the drop, and one that is gone', () => {
    const { table: healthy } = table('nft-healthy-scopes.json');
    const moved = (change: (rules: (typeof healthy)['chains'][number]['rules']) => typeof rules) => ({
      kind: 'table' as const,
      version: null,
      table: {
        ...healthy,
        chains: healthy.chains.map((chain) =>
          chain.name === 'forward' ? { ...chain, rules: change(chain.rules) } : chain,
        ),
      },
    });
    const last = moved((rules) => [...rules.slice(0, 2), ...rules.slice(3), ...rules.slice(2, 3)]);
    expect(words(said({ table: last }))).toContain('the accept of dep_net_shop_back stands after the drop');
    const gone = moved((rules) => rules.filter((_, at) => at !== 2));
    expect(words(said({ table: gone }))).toContain('no rule accepts traffic within dep_net_shop_back');
    const silent = moved((rules) => rules.slice(1));
    expect(words(said({ table: silent }))).toContain('the accept of replies');
  });

  test("a network of Docker's and an address of a replica that are in no set", () => {
    const networks = [network('shop', 'back', 0), network('shop', 'front', 7), network('blog', 'front', 2)];
    expect(words(said({ networks }))).toContain(
      "Docker's network jaco_shop_front is 10.244.7.0/24, which is not in dep_net_shop_front",
    );
    const far = replica('shop-web-1', { jaco_shop_front: '10.244.8.2' }, { host: 'jaco-2' });
    expect(words(said({ replicas: [far] }))).toContain(
      'shop-web-1 has the address 10.244.8.2, which is not in dep_net_shop_front',
    );
    const young = { ...networks[1], createdAtMs: NOW - 5 * SECOND } as ReturnType<typeof network>;
    expect(brief(said({ networks: [young] }))).toBe('pass');
  });

  // docs/jaco-daemon/runtime.md#foreign-network
  test('a container on somebody else’s network of the right name has an address that no set should hold', () => {
    const strayed = replica('shop-web-0', { jaco_shop_front: '172.17.0.2' });
    expect(brief(said({ replicas: [strayed] }))).toBe('pass');
  });

  test('two names that come to one set are not the rules’ fault', () => {
    const { table: healthy } = table('nft-healthy-scopes.json');
    const one = {
      ...healthy,
      sets: healthy.sets.map((set) =>
        set.name === 'dep_net_shop_front' ? { ...set, name: 'dep_net_shop_blog_front' } : set,
      ),
    };
    const deployments = [
      deployment('shop', { web: ['blog_front'], db: ['back'] }),
      deployment('shop-blog', { web: ['front'] }),
      deployment('blog', { web: ['front'] }),
    ];
    const row = said({ table: { kind: 'table', table: one, version: null }, deployments, networks: [], replicas: [] });
    const found = row?.findings.find(({ cause }) => cause === 'one-set');
    expect(found).toMatchObject({
      id: 'isolation_rules_wrong',
      values: { first: 'shop-blog/front', second: 'shop/blog_front' },
    });
  });

  test('without the stored state the rules themselves are judged all the same', () => {
    const row = said({ table: fault('rules-flushed'), leader: '' });
    expect(brief(row)).toBe('fail isolation_rules_wrong:nobody-compares');
  });

  test('there is no table to look into', () => {
    expect(words(said({ table: { kind: 'absent' } }))).toContain('there is no table inet jaco to look into');
  });
});

describe('nft-rules: other firewalls', () => {
  const said = (scene: Scene) => judgeIsolation(scene)['nft-rules'];
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
    expect(words(row)).toContain('nft table inet hostfw, chain chain: its policy is drop');
    expect(words(row)).toContain('it drops containers of jaco_shop_back to the outside');
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
    expect(words(row)).toContain('to the outside');
    expect(words(row)).not.toContain('answers from the outside');
  });

  test("one that keeps containers from JACO's resolver on this host", () => {
    const lo = rule('iifname "lo" accept', [{ field: 'iif', not: false, names: ['lo'] }], accept);
    const row = said({ tables: foreign('input', 'drop', [lo]) });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-input');
    expect(words(row)).toContain("containers of jaco_blog_front asking JACO's resolver");
  });

  test('traffic between nodes matters only where there are others', () => {
    const mesh = rule('iifname "jaco0" drop', [{ field: 'iif', not: false, names: ['jaco0'] }], { kind: 'drop' });
    const tables = foreign('forward', 'accept', [mesh]);
    expect(brief(said({ tables }))).toBe('pass');
    const row = said({ tables, members: [member('jaco-1'), member('jaco-2')] });
    expect(words(row)).toContain('the ingress of other nodes to containers of jaco_blog_front');
  });

  test('what nobody can judge is not accused', () => {
    const mark = rule('meta mark 1 accept', [{ field: 'other' }], accept);
    expect(brief(said({ tables: foreign('forward', 'drop', [mark]) }))).toBe('pass');
  });

  test("an operator's drop in DOCKER-USER, by the words of iptables", () => {
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

  test('rules of the older interface beside', () => {
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
    expect(words(unread)).toContain('rules of iptables-legacy exist and could not be read');
  });

  test('what is dropped on a bridge or a device is not looked into, and that is said', () => {
    const row = said({ beside: ['netdev blocklist'] });
    expect(brief(row)).toBe('pass');
    expect(row?.notes).toEqual([
      'table netdev blocklist drops something before these rules see it, and is not looked into here',
    ]);
  });

  test('nobody inserts into the table of firewalld, which owns it: only its own commands change it', () => {
    const tables = foreign('forward', 'drop', []).map((one) =>
      one.name === 'hostfw' ? { ...one, name: 'firewalld' } : one,
    );
    const row = said({ tables });
    expect(brief(row)).toBe('fail foreign_firewall_drop:other');
    expect(words(row)).toContain('nft table inet firewalld, chain chain: its policy is drop');
  });

  test('a drop in another table of iptables than filter is met there: its chain is not in filter, or is another one', () => {
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

  test("Docker's walls of before iptables was switched to nft still stand in the older interface, where JACO writes no exemption", () => {
    const left = readIptablesSave(
      '*filter\n:FORWARD DROP [0:0]\n:DOCKER-USER - [0:0]\n-A FORWARD -j DOCKER-USER\n-A DOCKER-USER -j RETURN\nCOMMIT\n',
      'iptables-legacy',
    );
    const row = said({ iptables: { legacyBeside: left ?? [] } });
    expect(brief(row)).toBe('fail foreign_firewall_drop:legacy-forward');
    expect(words(row)).toContain('iptables-legacy table filter, chain FORWARD: its policy is drop');
  });

  test('and so they do in nft after a switch to iptables-legacy', () => {
    const tables = capturedTables('nft-ruleset-healthy-scopes.json').map((one) =>
      one.family === 'ip' && one.name === 'filter'
        ? { ...one, chains: one.chains.map((chain) => (chain.name === 'FORWARD' ? { ...chain, rules: [] } : chain)) }
        : one,
    );
    const row = said({ tables, iptables: { variant: 'legacy', lock: { uid: 0, mode: 0o644 } } });
    expect(brief(row)).toBe('fail foreign_firewall_drop:nft-forward');
    expect(words(row)).toContain('nft table ip filter, chain FORWARD: its policy is drop');
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

everyIdIsFound(nftRules);
