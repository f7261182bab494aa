import { describe, expect, test } from 'vitest';
import nftRules from '../../../checks/jaco/nft-rules.ts';
import { capturedTable } from '../../probes/host/captured-tables.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { deployment, judgeIsolation, NOW, network, replica, type Scene } from './scenes/isolation-scene.ts';

const table = (name: string) => ({ kind: 'table', table: capturedTable(name), version: '1.0.6' }) as const;
const fault = (name: string) => table(`nft-faults/${name}.json`);
const SECOND = 1_000;

describe('nft-rules: parts that the daemon never compares', () => {
  const said = (scene: Scene) => judgeIsolation(scene)['nft-rules'];

  test.each([
    ['rules-flushed', ['5']],
    ['flush-table', ['5']],
    ['rule-deleted-drop', ['4']],
    ['stacked-rules', ['10']],
    ['foreign-accept-first', ['ip saddr 10.244.0.0/16 accept', 'handle 13']],
    ['element-removed-pool', ['10.244.2.0/24', 'dep_net_blog_front', 'jaco_pool']],
    ['element-added-scope', ['10.244.2.0/24', 'dep_net_blog_front', 'dep_net_shop_back']],
  ])('%s', (name, quoted) => {
    const row = said({ table: fault(name) });
    expect(brief(row)).toBe('fail isolation_rules_wrong:rules');
    expect(unquoted(row, ...quoted)).toEqual([]);
  });

  test('a further chain that drops nothing is a note', () => {
    const row = said({ table: fault('extra-chain') });
    expect(brief(row)).toBe('pass');
  });

  test('a difference that the daemon detects also fixes the others', () => {
    const { table: both } = fault('rules-flushed');
    const row = said({
      table: {
        kind: 'table',
        table: { ...both, chains: both.chains.filter(({ name }) => name !== 'input') },
        version: null,
      },
    });
    expect(brief(row)).toBe('fail isolation_rules_wrong:rules');
    expect(unquoted(row, '30 s')).toEqual([]);
  });

  test('an accept that comes after the drop, and a missing one', () => {
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
    expect(brief(said({ table: last }))).toBe('fail isolation_rules_wrong:rules');
    expect(unquoted(said({ table: last }), 'dep_net_shop_back')).toEqual([]);
    const gone = moved((rules) => rules.filter((_, at) => at !== 2));
    expect(brief(said({ table: gone }))).toBe('fail isolation_rules_wrong:rules');
    expect(unquoted(said({ table: gone }), 'dep_net_shop_back')).toEqual([]);
    const silent = moved((rules) => rules.slice(1));
    expect(brief(said({ table: silent }))).toBe('fail isolation_rules_wrong:rules');
  });

  test("a network of Docker's and an address of a replica that are in no set", () => {
    const networks = [network('shop', 'back', 0), network('shop', 'front', 7), network('blog', 'front', 2)];
    expect(brief(said({ networks }))).toBe('fail isolation_rules_wrong:rules');
    expect(unquoted(said({ networks }), 'jaco_shop_front', '10.244.7.0/24', 'dep_net_shop_front')).toEqual([]);
    const far = replica('shop-web-1', { jaco_shop_front: '10.244.8.2' }, { host: 'jaco-2' });
    expect(brief(said({ replicas: [far] }))).toBe('fail isolation_rules_wrong:rules');
    expect(unquoted(said({ replicas: [far] }), 'shop-web-1', '10.244.8.2', 'dep_net_shop_front')).toEqual([]);
    const young = { ...networks[1], createdAtMs: NOW - 5 * SECOND } as ReturnType<typeof network>;
    expect(brief(said({ networks: [young] }))).toBe('pass');
  });

  // docs/jaco-daemon/runtime.md#foreign-network
  test('a container on a foreign network with the expected name has an address that belongs in no set', () => {
    const strayed = replica('shop-web-0', { jaco_shop_front: '172.17.0.2' });
    expect(brief(said({ replicas: [strayed] }))).toBe('pass');
  });

  test('two names that map to one set are not a fault of the rules', () => {
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
    expect(brief(row)).toBe('fail isolation_rules_wrong:not-compared');
  });

  test('the table does not exist', () => {
    expect(brief(said({ table: { kind: 'absent' } }))).toBe('pass');
  });
});

idsAndTextsArePinned('jaco', nftRules);
