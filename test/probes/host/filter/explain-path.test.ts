import { describe, expect, test } from 'vitest';
import { explainMeasuredLoss, explainPath, rewrites } from '../../../../src/probes/host/filter/explain-path.ts';
import {
  type PacketEndpoint,
  type PacketExchange,
  packetPaths,
} from '../../../../src/probes/host/filter/packet-paths.ts';
import type { Table } from '../../../../src/probes/host/filter/table.ts';
import { rangeOf } from '../../../../src/probes/host/ipv4.ts';
import { capturedTables } from '../captured-tables.ts';

const HOST = rangeOf('10.166.0.1');
const container: PacketEndpoint = {
  kind: 'interface',
  name: 'jaco-5042-1b78',
  link: 'bridge',
  address: rangeOf('10.244.0.5'),
};
const sibling: PacketEndpoint = { ...container, address: rangeOf('10.244.0.6') };
const gateway: PacketEndpoint = { kind: 'host', address: rangeOf('10.244.0.1'), uid: 990 };
const host: PacketEndpoint = { kind: 'host', address: HOST, uid: 990 };
const world: PacketEndpoint = { kind: 'interface', name: 'eth0', link: 'ethernet', address: rangeOf('93.184.215.14') };
const remote: PacketEndpoint = { kind: 'interface', name: 'jaco0', link: 'tunnel', address: rangeOf('10.244.9.5') };

const EXCHANGES = {
  dns: { from: container, to: gateway, proto: 'udp', dport: 53 },
  out: { from: container, to: world, proto: 'tcp', dport: 80, masqueradeAs: HOST },
  in: { from: gateway, to: container, proto: 'tcp', dport: 80 },
  same: { from: container, to: sibling, proto: 'tcp', dport: 80 },
  mesh: { from: container, to: remote, proto: 'tcp', dport: 80 },
  'from mesh': { from: remote, to: container, proto: 'tcp', dport: 80 },
  peer: { from: host, to: world, proto: 'tcp', dport: 7_000 },
  'own query': { from: host, to: world, proto: 'udp', dport: 53 },
  "root's query": { from: { ...host, uid: 0 }, to: world, proto: 'udp', dport: 53 },
} as const satisfies { [name: string]: Omit<PacketExchange, 'what' | 'filtersBridged'> };
type Name = keyof typeof EXCHANGES;

function paths(name: Name, filtersBridged = true) {
  return packetPaths({ what: name, filtersBridged, ...EXCHANGES[name] });
}

const CASES = capturedTables('filter/foreign-rules.json');
const MASQUERADE = masquerade();

function masquerade(): Table {
  const rule = { predicates: [], text: 'masquerade', handle: null, extended: false, untracks: false };
  const rewrite = { kind: 'masquerade', address: null, port: null } as const;
  const base = { type: 'nat', hook: 'postrouting', priority: 100, policy: 'accept' } as const;
  const rules = [
    { ...rule, predicates: [{ field: 'oif', not: false, names: ['eth0'] }], verdict: { kind: 'accept' }, rewrite },
  ] as const;
  return { family: 'ip', name: 'nat', from: 'nft', sets: [], chains: [{ name: 'POSTROUTING', base, rules }] };
}

function tablesOf(name: string): readonly Table[] {
  const table = CASES.find((one) => one.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return [MASQUERADE, table];
}

/** The result of the walk for a packet and its answer: `passes`, or the rule that drops it and how surely. */
function outcome(table: string, name: Name, filtersBridged?: boolean): string {
  const { request, answer } = paths(name, filtersBridged);
  const tables = tablesOf(table);
  const there = explainPath(tables, request);
  const back = explainPath(tables, answer, there.ctMark);
  const [first] = [...there.droppers, ...back.droppers].map(
    ({ certainty, chain, rule }) => `${certainty}: ${chain} ${rule?.text ?? 'policy'}`,
  );
  return first ?? (there.passes === 'yes' && back.passes === 'yes' ? 'passes' : 'maybe');
}

describe('a rule that a packet can never reach does not let it pass', () => {
  test.each([
    ['source_port', 'dns', 'sure: input policy'],
    ['privileged_source_port', 'dns', 'sure: input policy'],
    ['any_source_port', 'dns', 'passes'],
    ['icmp_type', 'dns', 'sure: input policy'],
    ['other_protocols', 'dns', 'sure: input policy'],
    ['udp_by_number', 'dns', 'passes'],
    ['translated_only', 'out', 'sure: forward policy'],
    ['mark_not_set', 'out', 'sure: forward policy'],
    ['mark_set_before', 'out', 'passes'],
    ['mark_set_for_others', 'out', 'sure: forward policy'],
    ['ipsec_only', 'out', 'sure: forward policy'],
    ['by_interface_set', 'out', 'passes'],
    ['by_other_interfaces', 'out', 'sure: forward policy'],
    ['by_port_set', 'dns', 'passes'],
    ['by_pair', 'out', 'passes'],
    ['by_other_pair', 'out', 'sure: forward policy'],
    ['map_to_chain', 'dns', 'passes'],
    ['map_to_no_exit', 'dns', 'sure: input policy'],
  ] as const)('%s: %s', (table, name, expected) => {
    expect(outcome(table, name)).toBe(expected);
  });
});

describe('every hook on the way is walked, for the answer too', () => {
  test.each([
    ['stateless_output', 'dns', 'sure: output policy'],
    ['stateless_output', 'in', 'passes'],
    ['stateless_output', 'peer', 'sure: output policy'],
    ['stateless_output', 'out', 'passes'],
    ['stateful_output', 'dns', 'passes'],
    ['stateful_output', 'in', 'sure: output policy'],
    ['leak_before_nat', 'out', 'sure: post oifname "eth0" ip saddr 10.244.0.0/16, 172.16.0.0/12, 192.168.0.0/16 drop'],
    ['leak_after_nat', 'out', 'passes'],
    ['direct_routing', 'out', 'passes'],
    ['direct_routing_after_nat', 'out', 'sure: pre iifname "eth0" ip daddr 10.244.0.0/16 drop'],
    ['host_blocked', 'out', 'sure: pre iifname "eth0" ip daddr 10.166.0.1 tcp sport 80 drop'],
    ['bridges_not_among_themselves', 'same', 'sure: forward policy'],
    ['bridges_not_among_themselves', 'mesh', 'passes'],
    ['bridges_not_among_themselves', 'from mesh', 'passes'],
    ['no_mesh', 'from mesh', 'sure: forward policy'],
    ['no_mesh', 'mesh', 'passes'],
    ['owner_leak_guard', 'own query', 'sure: output udp dport {"set":[53,5353]} skuid != 0 reject'],
    ['owner_leak_guard', "root's query", 'passes'],
    ['owner_leak_guard', 'dns', 'passes'],
    ['by_device', 'dns', 'possible: ingress ip saddr 10.244.0.0/16 udp dport 53 drop'],
    ['frames', 'same', 'sure: forward policy'],
    ['no_neighbours', 'dns', 'possible: input policy'],
  ] as const)('%s: %s', (table, name, expected) => {
    expect(outcome(table, name)).toBe(expected);
  });

  test('IP rules apply to traffic within a bridge only if the kernel is configured so', () => {
    expect(outcome('bridges_not_among_themselves', 'same', false)).toBe('passes');
    expect(outcome('bridges_not_among_themselves', 'same', true)).toBe('sure: forward policy');
  });
});

describe('a loss that was measured', () => {
  function lossOf(table: string, name: Name): string {
    const { request, answer } = paths(name);
    const loss = explainMeasuredLoss(tablesOf(table), [request, answer]);
    if (loss.kind === 'explained') return `${loss.how}: ${loss.by.chain} ${loss.by.rule?.text ?? 'policy'}`;
    return `unexplained: ${loss.candidates.map(({ chain, doubts }) => `${chain} after ${doubts.join(', ')}`).join('; ')}`;
  }

  test('is explained by the only chain that drops, though a limit might have let the packet pass', () => {
    expect(outcome('limited', 'dns')).toBe('possible: input policy');
    expect(lossOf('limited', 'dns')).toBe('only-dropper: input policy');
  });

  test('is explained by a request for a neighbour that a bridge drops, which is not sent for every packet', () => {
    expect(lossOf('no_neighbours', 'dns')).toBe('only-dropper: input policy');
  });

  test('is not explained by rules that drop nothing of it', () => {
    expect(lossOf('stateful_output', 'dns')).toBe('unexplained: ');
  });

  test('names each chain that may have dropped it, and what was not understood before', () => {
    const { request, answer } = paths('dns');
    const [, limited] = tablesOf('limited');
    const both = [limited, { ...limited, name: 'other' }] as readonly Table[];
    const loss = explainMeasuredLoss(both, [request, answer]);
    expect(loss.kind === 'unexplained' && loss.candidates.map(({ table, doubts }) => [table.name, ...doubts])).toEqual([
      ['other', 'udp dport 53 limit accept'],
      ['limited', 'udp dport 53 limit accept'],
    ]);
  });
});

describe("rules that redirect containers' queries", () => {
  test.each([
    ['port_53_elsewhere', 'udp', 'sure: pre iifname "jaco-*" udp dport 53 redirect port 5335'],
    ['port_53_elsewhere', 'tcp', 'sure: pre tcp dport 53 dnat to 10.166.0.9 port 5300'],
    ['published_53', 'udp', 'sure: published udp dport 53 dnat to 172.17.0.2 port 53'],
    ['published_53', 'tcp', ''],
    ['world_53_elsewhere', 'udp', ''],
  ] as const)('%s over %s', (table, proto, expected) => {
    const { request } = packetPaths({ what: 'dns', filtersBridged: false, ...EXCHANGES.dns, proto });
    const [first] = rewrites(tablesOf(table), request);
    expect(first === undefined ? '' : `${first.certainty}: ${first.chain} ${first.rule.text}`).toBe(expected);
  });
});

test('the chains of a dormant table are not in force', () => {
  const { request } = paths('dns');
  const dormant = tablesOf('source_port').map((table) => ({ ...table, dormant: true as const }));
  expect(explainPath(dormant, request).passes).toBe('yes');
});
