import type { FieldCase } from '../field-case.ts';

const ALL_PASS = {
  out: 'passes',
  out2: 'passes',
  dns: 'passes',
  dnstcp: 'passes',
  name: 'passes',
  in: 'passes',
} as const;

/** Rules for forwarded traffic: from containers to the outside, and to them. */
export const forwardCases: readonly FieldCase[] = [
  {
    incident: 'a forward chain that accepts a mark which no rule sets drops external traffic of containers',
    nft: `table inet filter {
      chain forward { type filter hook forward priority 0; policy drop;
        meta mark & 0x000000df == 0x000000df accept
        ct state established,related accept
        iifname "lan" oifname "wan" accept
      }
    }`,
    packets: { out: 'lost', out2: 'lost', dns: 'passes', in: 'passes' },
    first: 'foreign_firewall_drop',
    because: [/table inet filter, chain forward: its policy is drop/, /measured: /],
  },
  {
    incident: 'policy drop that accepts JACO by wildcard, set and verdict map is not a fault',
    nft: `table inet fw {
      set trusted { type ifname; flags interval; elements = { "jaco-*", "docker0" } }
      chain pods {
        udp dport { 53, 67 } accept
        tcp dport 53 accept
        icmp type { echo-request, destination-unreachable } accept
      }
      chain world {
        tcp dport { 22, 80, 443, 7000, 7001 } ct state new accept
        udp dport 51820 accept
      }
      chain input { type filter hook input priority filter; policy drop;
        ct state vmap { established : accept, related : accept, invalid : drop }
        iifname vmap { "lo" : accept, "eth0" : goto world, "jaco-*" : jump pods }
        limit rate 5/minute log prefix "drop in: "
      }
      chain forward { type filter hook forward priority filter; policy drop;
        ct state established,related accept
        iifname @trusted accept
        meta l4proto tcp reject with tcp reset
        counter reject with icmpx admin-prohibited
      }
    }`,
    packets: { ...ALL_PASS, backOut: 'passes', backDns: 'passes', inDirect: 'lost' },
    first: null,
  },
  {
    incident:
      'a forward chain that lets bridges out, but not to themselves, cuts containers of one network off from each other',
    setup: 'echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables',
    nft: `table inet filter {
      chain forward { type filter hook forward priority 0; policy drop;
        ct state established,related accept
        iifname "jaco-*" oifname { "eth0", "jaco0" } accept
        iifname "jaco0" oifname "jaco-*" accept
      }
    }`,
    packets: { same: 'lost', out: 'passes', dns: 'passes', in: 'passes' },
    first: 'foreign_firewall_drop',
    because: [/table inet filter, chain forward: its policy is drop/, /10\.244\.1\.3/],
  },
  {
    incident: 'the same chain is not a fault if the kernel does not apply it to traffic within a bridge',
    setup: 'echo 0 >/proc/sys/net/bridge/bridge-nf-call-iptables',
    undo: 'echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables',
    nft: `table inet filter {
      chain forward { type filter hook forward priority 0; policy drop;
        ct state established,related accept
        iifname "jaco-*" oifname { "eth0", "jaco0" } accept
        iifname "jaco0" oifname "jaco-*" accept
      }
    }`,
    packets: { same: 'passes', out: 'passes', dns: 'passes', in: 'passes' },
    first: null,
  },
  {
    incident: 'a dormant table is not active, with any policy',
    nft: `table inet killswitch {
      flags dormant
      chain forward { type filter hook forward priority 0; policy drop;
        oifname "tun0" accept
      }
    }`,
    packets: ALL_PASS,
    first: null,
  },
  {
    incident: 'containers may reach some countries only, by policy: the outside as a whole is not dropped',
    nft: `table inet geoshell {
      set allow4 { type ipv4_addr; flags interval; elements = { 1.0.0.0/8, 10.0.0.0/8, 185.0.0.0/8 } }
      chain out { type filter hook forward priority -10; policy accept;
        iifname "jaco-*" ip daddr != @allow4 drop
      }
    }`,
    packets: { out: 'lost', out2: 'passes', dns: 'passes', in: 'passes' },
    first: null,
  },
  {
    incident: 'DOCKER-USER that drops new external traffic, and accepts answers, is not a fault',
    iptables: `*filter
-F DOCKER-USER
-A DOCKER-USER -s 10.244.0.0/16 -d 10.244.0.0/16 -j ACCEPT
-A DOCKER-USER -s 10.99.0.0/24 -d 10.244.0.0/16 -j ACCEPT
-A DOCKER-USER -i eth0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A DOCKER-USER -i eth0 -p tcp -m conntrack --ctorigdstport 443 --ctdir ORIGINAL -j ACCEPT
-A DOCKER-USER -i eth0 -j DROP
-A DOCKER-USER -j RETURN
COMMIT
`,
    packets: { ...ALL_PASS, inDirect: 'lost' },
    first: null,
  },
  {
    incident: 'DOCKER-USER that drops everything from outside drops the answers that containers wait for',
    iptables: `*filter
-I DOCKER-USER -i eth0 -j DROP
COMMIT
`,
    packets: { out: 'lost', out2: 'lost', dns: 'passes', in: 'passes' },
    first: 'foreign_firewall_drop',
    because: [/chain DOCKER-USER: -A DOCKER-USER -i eth0 -j DROP/],
  },
  {
    incident:
      'a rule rejects the traffic of containers with "network unreachable", after a match that is not understood',
    iptables: `*filter
-I FORWARD -i jaco-+ -o eth0 -m connlimit --connlimit-above 0 --connlimit-mask 0 -j REJECT --reject-with icmp-net-unreachable
COMMIT
`,
    packets: { out: 'lost', out2: 'lost', dns: 'passes', in: 'passes' },
    first: 'foreign_firewall_drop',
    because: [/chain FORWARD: .*icmp-net-unreachable/, /measured: .*ENETUNREACH/],
  },
  {
    incident: 'containers may not reach the local network at some hours: the Internet is not dropped',
    nft: `table inet lan {
      chain forward { type filter hook forward priority -5; policy accept;
        iifname "jaco-*" oifname "eth0" ip daddr { 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 } meta hour "00:00"-"23:59" drop
      }
    }`,
    packets: { ...ALL_PASS, backOut: 'passes' },
    first: null,
    notes: /table inet lan, chain forward/,
  },
  {
    incident: "all rules of FORWARD were flushed, and its policy is drop: Docker's address translation remains",
    iptables: `*filter
:FORWARD DROP [0:0]
-F FORWARD
COMMIT
`,
    packets: { out: 'lost', same: 'lost', dns: 'passes', in: 'passes' },
    first: 'overlay_exemption_missing',
    follows: ['overlay_exemption_missing'],
    because: [/FORWARD no longer jumps to it/],
  },
];
