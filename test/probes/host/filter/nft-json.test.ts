import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNftJson } from '../../../../src/probes/host/filter/nft-json.ts';
import { rangeOf, rangeText } from '../../../../src/probes/host/ipv4.ts';
import { capturedTable, hostCapture } from '../captured-tables.ts';

const range = (text: string) => rangeOf(text) ?? [0, 0];

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
    ['cut off', hostCapture('nft-healthy-scopes.json').slice(0, 2_000), 'did not print'],
    ['empty', '', 'did not print'],
    ['no list', '{"nftables": {}}', 'did not print'],
    ['of a schema to come', document({ metainfo: { version: '2.0', json_schema_version: 2 } }), 'schema 2, known is 1'],
    [
      'with a priority in words',
      document(META, TABLE, { chain: { ...CHAIN, prio: 'filter' } }),
      'no priority that is a number',
    ],
  ])('%s is unreadable as a whole', (_, text, why) => {
    const read = readNftJson(text);
    expect(read).toMatchObject({ kind: 'unreadable' });
    expect(read.kind === 'unreadable' && read.detail).toContain(why);
  });

  test('never throws, for any input', () => {
    const isRead = (text: string): void => expect(['tables', 'unreadable']).toContain(readNftJson(text).kind);
    fc.assert(fc.property(fc.json(), (text) => void isRead(text)));
    const within = fc.record({
      nftables: fc.array(fc.dictionary(fc.constantFrom('table', 'chain', 'set', 'rule', 'metainfo'), fc.object())),
    });
    fc.assert(fc.property(within, (json) => void isRead(JSON.stringify(json))));
  });
});
