import { expect, test } from 'vitest';
import { lacksDevices, withListedDevices } from '../../../../src/probes/host/filter/listed-devices.ts';
import { readNftJson } from '../../../../src/probes/host/filter/nft-json.ts';

// The output of nft 1.0.6, whose JSON has no interfaces.
const LISTING = `table inet jaco {
	chain forward {
		type filter hook forward priority filter; policy accept;
	}
}
table netdev e {
	chain out {
		type filter hook egress device "eth0" priority filter; policy accept;
		ip saddr 10.166.0.1 tcp dport { 1, 80, 443 } drop
	}
}
table netdev two {
	chain in {
		type filter hook ingress devices = { eth0, lo } priority filter; policy accept;
	}
}
`;

function read(...chains: readonly { readonly table: string; readonly name: string; readonly hook: string }[]) {
  const objects = chains.flatMap(({ table, name, hook }) => [
    { table: { family: 'netdev', name: table } },
    { chain: { family: 'netdev', table, name, type: 'filter', hook, prio: 0, policy: 'accept' } },
  ]);
  const answer = readNftJson(JSON.stringify({ nftables: objects }));
  if (answer.kind !== 'tables') throw new Error(answer.detail);
  return answer.tables;
}

test('interfaces that the JSON leaves out are read from the listing for people', () => {
  const tables = read({ table: 'e', name: 'out', hook: 'egress' }, { table: 'two', name: 'in', hook: 'ingress' });
  expect(tables.flatMap(({ chains }) => chains).every(lacksDevices)).toBe(true);
  const complete = withListedDevices(tables, LISTING).flatMap(({ chains }) => chains);
  expect(complete.map(({ base }) => base?.devices)).toEqual([['eth0'], ['eth0', 'lo']]);
});

test('a chain that the listing does not have stays without interfaces', () => {
  const tables = read({ table: 'later', name: 'in', hook: 'ingress' });
  expect(withListedDevices(tables, LISTING)).toEqual(tables);
});
