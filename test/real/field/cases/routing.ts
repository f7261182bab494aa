import type { FieldCase } from '../field-case.ts';

/** As wg-quick does it: specific routes of the main table first, and the default route of table 100 for the pool. */
const POOL_THROUGH_WG9 = `ip route add default via 10.9.0.1 dev wg9 table 100
      ip rule add from 10.244.0.0/16 lookup main suppress_prefixlength 0 priority 5271; ip rule add from 10.244.0.0/16 lookup 100 priority 5272`;

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
    incident: 'containers leave through a VPN whose other end is dead: only their own connections show it',
    setup: `ip link add wg9 type veth peer name wg9peer; ip addr add 10.9.0.2/24 dev wg9; ip link set wg9 up; ip link set wg9peer up
      ip neigh add 10.9.0.1 lladdr 02:00:00:00:00:09 dev wg9
      ${POOL_THROUGH_WG9}`,
    undo: `ip rule del priority 5271; ip rule del priority 5272; ip link del wg9`,
    packets: { out: 'lost', out2: 'lost', dns: 'passes', in: 'passes', backOut: 'lost' },
    pauseMs: 2_500,
    first: 'pool_traffic_dropped',
    because: [/wg9/, /table 100/],
  },
  {
    incident: 'containers leave through a VPN that works: nothing is wrong',
    setup: `ip link add wg9 type veth peer name wg9peer; ip addr add 10.9.0.2/24 dev wg9; ip link set wg9 up
      ip link set wg9peer netns outside; ip -n outside addr add 10.9.0.1/24 dev wg9peer; ip -n outside link set wg9peer up
      ${POOL_THROUGH_WG9}`,
    undo: `ip rule del priority 5271; ip rule del priority 5272; ip link del wg9`,
    packets: { out: 'passes', out2: 'passes', dns: 'passes', in: 'passes', backOut: 'passes' },
    first: null,
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
  {
    incident:
      'a table for packets from the pool has only a default route: the answers of the gateways leave through it',
    setup: `ip rule add from 10.244.0.0/16 lookup 100 priority 900; ip route add default via 10.166.0.254 table 100`,
    undo: 'ip rule del priority 900; ip route flush table 100',
    packets: { dns: 'lost', dnstcp: 'lost', in: 'lost', backDns: 'lost', out: 'passes', same: 'passes' },
    first: 'route_to_pool_wrong',
    because: [/from 10\.244\.\d\.1 via 10\.166\.0\.254 dev eth0 table 100/],
  },
];
