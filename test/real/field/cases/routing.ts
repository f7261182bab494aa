import type { FieldCase } from '../field-case.ts';

/** Routes and interfaces: no rule of a firewall is at fault. */
export const routingCases: readonly FieldCase[] = [
  {
    incident: 'the bridge of one network is down: its containers are cut off, those of other networks are not',
    setup: 'ip link set jaco-5042-1b78 down',
    undo: 'ip link set jaco-5042-1b78 up',
    packets: { out: 'lost', dns: 'lost', in: 'lost', backOut: 'passes', backDns: 'passes' },
    first: 'bridge_down',
    because: [/jaco-5042-1b78 is down/],
  },
  {
    incident: 'a VPN accepts a route to the whole pool, in a table that comes before the main one',
    setup: `ip link add tailscale0 type veth peer name vpn0; ip addr add 100.101.102.103/32 dev tailscale0; ip link set tailscale0 up; ip link set vpn0 up
      ip route add 10.244.0.0/16 dev tailscale0 table 52; ip rule add table 52 priority 5270`,
    undo: 'ip rule del priority 5270; ip link del tailscale0',
    packets: { out: 'lost', dns: 'lost', in: 'lost', backOut: 'lost' },
    first: 'route_to_pool_wrong',
    because: [/dev tailscale0 table 52/],
  },
  {
    incident: 'a table for one bridge has no route to the outside',
    setup: `ip route add unreachable default table 100; ip rule add iif jaco-5042-1b78 table 100 priority 5271
      ip route add 10.244.0.0/16 dev jaco-5042-1b78 table 100`,
    undo: 'ip rule del priority 5271; ip route flush table 100',
    packets: { out: 'lost', dns: 'passes', in: 'passes', backOut: 'passes' },
    first: 'route_to_pool_wrong',
    because: [/no route/],
  },
  {
    incident:
      'the next router answers no connect, as with most hosting companies: the rest is measured, and nothing is wrong',
    setup: `ip netns exec outside nft -f - <<'R'
      table ip quiet { chain in { type filter hook input priority 0; tcp dport 1 drop; }; }
R`,
    undo: 'ip netns exec outside nft delete table ip quiet',
    packets: { out: 'passes', out2: 'passes', dns: 'passes', in: 'passes', backOut: 'passes' },
    first: null,
    notes: /does not answer this host either/,
  },
];
