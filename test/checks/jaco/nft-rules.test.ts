import { describe, expect, test } from 'vitest';
import nftRules from '../../../checks/jaco/nft-rules.ts';
import { capturedTable } from '../../probes/host/captured-tables.ts';
import { brief, idsAndTextsArePinned, words } from '../scene.ts';
import { deployment, judgeIsolation, NOW, network, replica, type Scene } from './scenes/isolation-scene.ts';

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

idsAndTextsArePinned('jaco', nftRules);
