import type { FieldCase } from '../field-case.ts';

/** Rules for traffic to the host itself, at which JACO's resolver is asked. */
export const inputCases: readonly FieldCase[] = [
  {
    incident: 'an input chain that accepts pings only drops DNS of containers',
    nft: `table inet custom {
      chain input { type filter hook input priority 0; policy drop;
        ct state invalid drop
        ct state established,related accept
        iifname "lo" accept
        icmp type echo-request accept
        tcp dport 22 ct state new,established accept
        ip daddr 10.166.0.0/24 accept
      }
    }`,
    packets: { dns: 'lost', dnstcp: 'lost', out: 'passes', in: 'passes' },
    first: 'foreign_firewall_drop',
    because: [/table inet custom, chain input: its policy is drop/, /measured: .*JACO's resolver.*UDP 53/],
  },
  {
    incident: 'accepting by source port 53 does not let queries of containers in',
    nft: `table ip filtrado {
      chain INPUT { type filter hook input priority filter; policy drop;
        iif "lo" accept
        ip saddr 10.166.0.0/24 tcp dport { 22, 7000, 7001 } accept
        ct state established,related accept
        udp sport { 53, 67, 68, 123 } accept
        tcp sport { 22, 25, 80, 143, 443, 993, 8443 } accept
      }
    }`,
    packets: { dns: 'lost', dnstcp: 'lost', out: 'passes', in: 'passes' },
    first: 'foreign_firewall_drop',
    because: [/table ip filtrado, chain INPUT: its policy is drop/],
  },
  {
    incident: 'an input chain that accepts TCP and ICMP by their numbers drops queries over UDP',
    nft: `table inet f {
      chain input { type filter hook input priority filter; policy drop;
        ct state established,related accept
        iif "lo" accept
        meta l4proto { 1, 58 } accept
        ip protocol 6 accept
      }
    }`,
    packets: { dns: 'lost', dnstcp: 'passes', out: 'passes', in: 'passes' },
    first: 'foreign_firewall_drop',
    because: [/table inet f, chain input: its policy is drop/, /UDP 53/],
  },
  {
    incident: 'an allow list of ipset without the pool drops DNS of containers',
    setup: `ipset create trusted hash:net; ipset add trusted 10.166.0.0/24; ipset add trusted 127.0.0.0/8`,
    undo: 'iptables -D INPUT -m set ! --match-set trusted src -j DROP; ipset destroy trusted',
    iptables: `*filter
-A INPUT -m set ! --match-set trusted src -j DROP
COMMIT
`,
    packets: { dns: 'lost', dnstcp: 'lost', out: 'passes', in: 'lost' },
    first: 'foreign_firewall_drop',
    because: [/chain INPUT: .*--match-set trusted src -j DROP/],
  },
];
