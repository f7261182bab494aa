import type { FieldCase } from '../field-case.ts';

const ALL_PASS = {
  out: 'passes',
  out2: 'passes',
  dns: 'passes',
  dnstcp: 'passes',
  name: 'passes',
  in: 'passes',
} as const;
const LEAK_GUARD = 'oifname "eth0" ip saddr { 172.16.0.0/12, 192.168.0.0/16, 10.244.0.0/16 } drop';

/**
 * Rules before routing, for the host's own packets, and for leaving packets. A walk over input and forward would miss
 * all of them.
 */
export const otherHookCases: readonly FieldCase[] = [
  {
    incident: 'a leak guard before source NAT drops what containers send outside',
    nft: `table inet leak {
      chain post { type filter hook postrouting priority 50; policy accept;
        ${LEAK_GUARD}
      }
    }`,
    packets: { out: 'lost', out2: 'lost', dns: 'passes', in: 'passes' },
    first: 'foreign_firewall_drop',
    because: [/table inet leak, chain post: .*drop/],
  },
  {
    incident: 'the same leak guard after source NAT is not a fault: containers are masqueraded by then',
    nft: `table inet leak {
      chain post { type filter hook postrouting priority 150; policy accept;
        ${LEAK_GUARD}
      }
    }`,
    packets: { ...ALL_PASS, backOut: 'passes' },
    first: null,
  },
  {
    incident: "an output chain without connection states drops JACO's answers to containers",
    nft: `table ip filtrado {
      chain OUTPUT { type filter hook output priority filter; policy drop;
        oif "lo" accept
        ip daddr 10.166.0.0/24 accept
        udp dport { 53, 67, 68, 123 } accept
        tcp dport { 22, 25, 80, 143, 443, 993, 8443 } accept
      }
    }`,
    packets: { dns: 'lost', dnstcp: 'lost', in: 'lost', out: 'passes' },
    first: 'foreign_firewall_drop',
    because: [/table ip filtrado, chain OUTPUT: its policy is drop/],
  },
  {
    incident: 'only root may ask name servers, and jacod is another user',
    iptables: `*filter
-A OUTPUT -p udp -m udp --dport 5353 -m owner ! --uid-owner 0 -j REJECT --reject-with icmp-port-unreachable
-A OUTPUT -p udp -m udp --dport 53 -m owner ! --uid-owner 0 -j REJECT --reject-with icmp-port-unreachable
COMMIT
`,
    packets: { asJacod: 'lost', asRoot: 'passes', name: 'wrong', dns: 'passes', out: 'passes' },
    first: 'foreign_firewall_drop',
    follows: ['dns_upstream_unreachable'],
    because: [/chain OUTPUT: .*--uid-owner 0 -j REJECT/, /jacod \(user jaco\)/],
  },
  {
    incident:
      'dropping traffic for containers on eth0 before connection tracking is not a fault: answers have the address of the host',
    setup: 'ip -n outside route add 10.244.0.0/16 via 10.166.0.1',
    undo: 'ip -n outside route del 10.244.0.0/16',
    iptables: `*raw
-A PREROUTING -d 10.244.0.0/16 -i eth0 -j DROP
COMMIT
`,
    packets: { ...ALL_PASS, inDirect: 'lost' },
    first: null,
  },
  {
    incident: 'a redirect of port 53 takes the queries of containers to a port where nothing listens',
    nft: `table ip dnshijack {
      chain prerouting { type nat hook prerouting priority -110; policy accept;
        udp dport 53 redirect to :5353
        tcp dport 53 redirect to :5353
      }
    }`,
    packets: { dns: 'lost', name: 'lost', backDns: 'lost', out: 'passes' },
    first: 'dns_traffic_redirected',
    because: [/table ip dnshijack, chain prerouting: .*redirect/],
  },
  {
    incident: 'a redirect of port 53 lets another name server answer in the place of JACO',
    setup: `systemd-run -q --collect --unit=adguard dnsmasq -k --conf-file=/dev/null --no-resolv --no-hosts --bind-dynamic \\
      --interface=jaco-5042-1b78 --except-interface=lo --port=5300 --user=root --pid-file --address=/example.com/192.0.2.9
      until ss -Hlun sport = :5300 | grep -q .; do :; done`,
    undo: 'systemctl stop adguard.service',
    nft: `table inet adguard {
      chain dns { type nat hook prerouting priority dstnat; policy accept;
        iifname "jaco-5042-1b78" meta l4proto { tcp, udp } th dport 53 redirect to :5300
      }
    }`,
    packets: { dns: 'wrong', name: 'passes', backDns: 'passes', out: 'passes' },
    first: 'dns_traffic_redirected',
    because: [/table inet adguard, chain dns: .*redirect/],
  },
  {
    incident: 'a chain at the ingress of a bridge drops the queries of its containers',
    nft: `table netdev guard {
      chain in { type filter hook ingress device "jaco-5042-1b78" priority 0; policy accept;
        udp dport 53 drop
      }
    }`,
    packets: { dns: 'lost', name: 'lost', dnstcp: 'passes', backDns: 'passes', out: 'passes' },
    first: 'foreign_firewall_drop',
    because: [/table netdev guard, chain in: .*drop/],
  },
  {
    incident: 'the same chain at the ingress of another interface is not a fault',
    nft: `table netdev guard {
      chain in { type filter hook ingress device "eth0" priority 0; policy accept;
        udp dport 53 drop
      }
    }`,
    packets: ALL_PASS,
    first: null,
  },
  {
    incident: 'a redirect takes external TCP traffic to a local proxy that has stopped',
    iptables: `*nat
:REDSOCKS - [0:0]
-A PREROUTING -i jaco-+ -p tcp -j REDSOCKS
-A REDSOCKS -d 10.244.0.0/16 -j RETURN
-A REDSOCKS -p tcp -j REDIRECT --to-ports 12345
COMMIT
`,
    packets: { out: 'lost', out2: 'lost', backOut: 'lost', dns: 'passes', dnstcp: 'passes', in: 'passes' },
    first: 'foreign_firewall_drop',
    because: [/chain REDSOCKS: .*-j REDIRECT --to-ports 12345/, /measured: /],
  },
  {
    incident: 'the same redirect to a proxy that is listening is not a fault',
    setup: `systemd-run -q --collect --unit=proxy /usr/local/bin/node /opt/stand-in/serve.cjs 0.0.0.0:12345
      until ss -Hltn sport = :12345 | grep -q .; do :; done`,
    undo: 'systemctl stop proxy.service',
    iptables: `*nat
-A PREROUTING ! -d 10.244.0.0/16 -i jaco-+ -p tcp -j REDIRECT --to-ports 12345
COMMIT
`,
    packets: ALL_PASS,
    first: null,
  },
  {
    incident: 'TPROXY takes traffic to the Internet, but not to the next router, to a proxy that has stopped',
    setup: 'ip rule add fwmark 1 lookup 100 priority 100; ip route add local default dev lo table 100',
    undo: 'ip rule del priority 100; ip route flush table 100',
    iptables: `*mangle
:CLASH - [0:0]
-A PREROUTING -j CLASH
-A CLASH -d 10.0.0.0/8 -j RETURN
-A CLASH -d 127.0.0.0/8 -j RETURN
-A CLASH -p tcp -j TPROXY --on-port 7893 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1
COMMIT
`,
    packets: { out: 'lost', out2: 'lost', backOut: 'lost', dns: 'passes', in: 'passes' },
    first: 'foreign_firewall_drop',
    because: [/chain CLASH: .*-j TPROXY --on-port 7893/],
  },
  {
    incident: 'a NAT rule for private addresses comes before masquerading, so containers keep their own address',
    iptables: `*nat
-I POSTROUTING -s 10.0.0.0/8 -o eth0 -j ACCEPT
COMMIT
`,
    packets: { out: 'lost', out2: 'lost', dns: 'passes', in: 'passes' },
    first: 'pool_traffic_dropped',
    because: [/ends address translation .*-s 10\.0\.0\.0\/8 -o eth0 -j ACCEPT/],
  },
  {
    incident: 'a rule of nft sets the TTL of packets from containers to 1',
    nft: `table ip ttl {
      chain pre { type filter hook prerouting priority mangle; policy accept;
        iifname "jaco-*" ip ttl set 1
      }
    }`,
    packets: { out: 'lost', out2: 'lost', dns: 'passes', in: 'passes' },
    first: 'pool_traffic_dropped',
    because: [/table ip ttl, chain pre: .*ip ttl set 1/],
  },
];
