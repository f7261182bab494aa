import type { FieldCase } from '../field-case.ts';

const ALL_PASS = {
  out: 'passes',
  out2: 'passes',
  dns: 'passes',
  dnstcp: 'passes',
  name: 'passes',
  in: 'passes',
} as const;
const BRIDGES = ['jaco-5042-61bb', 'jaco-5042-1b78', 'jaco-1692-1b78'];

/** At its start it removes all rules of iptables; Docker and jacod write theirs again. */
const FIREWALLD = `systemctl start firewalld.service
      until firewall-cmd -q --state; do :; done
      iptables-restore /opt/installed/iptables.rules`;

/** Addresses from 198.18.0.0 on, which no host has. */
const banned = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `198.${18 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`);

/**
 * The rules that ufw, firewalld, fail2ban, tailscale and blocklists of ipset leave, written by the programs themselves
 * if Debian has them.
 */
export const otherSoftwareCases: readonly FieldCase[] = [
  {
    incident: 'ufw denies what comes in, and DNS of containers with it',
    setup: 'ufw default deny incoming; ufw default deny routed; ufw allow 22/tcp; ufw --force enable',
    undo: 'ufw --force reset',
    packets: { dns: 'lost', dnstcp: 'lost', out: 'passes', in: 'passes' },
    first: 'foreign_firewall_drop',
    because: [/chain INPUT: its policy is drop/, /JACO's resolver/],
  },
  {
    incident: 'ufw that accepts the pool is not a fault',
    setup: `ufw default deny incoming; ufw default deny routed; ufw allow 22/tcp; ufw allow from 10.244.0.0/16
      ufw allow proto tcp to any port 7000,7001; ufw --force enable`,
    undo: 'ufw --force reset',
    packets: ALL_PASS,
    first: null,
  },
  {
    incident: 'bridges in the default zone of firewalld: containers reach neither the resolver nor the outside',
    setup: FIREWALLD,
    undo: 'systemctl stop firewalld.service',
    packets: { dns: 'lost', dnstcp: 'lost', out: 'lost', in: 'passes' },
    first: 'foreign_firewall_drop',
    because: [/table inet firewalld/],
  },
  {
    incident: 'bridges in the trusted zone of firewalld are not a fault',
    setup: `${FIREWALLD}
      for bridge in ${BRIDGES.join(' ')}; do firewall-cmd -q --zone=trusted --add-interface=$bridge; done`,
    undo: 'systemctl stop firewalld.service',
    packets: ALL_PASS,
    first: null,
  },
  {
    incident: '6,000 banned addresses with a rule each are not a fault',
    iptables: [
      '*filter',
      ':f2b-sshd - [0:0]',
      '-I INPUT -p tcp -m multiport --dports 22 -j f2b-sshd',
      ...banned(6_000).map((address) => `-A f2b-sshd -s ${address}/32 -j REJECT --reject-with icmp-port-unreachable`),
      '-A f2b-sshd -j RETURN',
      'COMMIT',
      '',
    ].join('\n'),
    packets: ALL_PASS,
    first: null,
  },
  {
    incident: 'blocklists of ipset with 20,000 addresses are not a fault',
    setup: `{
        echo create blocklist hash:ip maxelem 65536
        seq 0 19999 | awk '{ printf "add blocklist 198.18.%d.%d\\n", $1 / 256, $1 % 256 }'
      } | ipset restore`,
    undo: 'iptables -F INPUT; iptables -F FORWARD; ipset destroy blocklist',
    iptables: `*filter
-I INPUT -m set --match-set blocklist src -j DROP
-I FORWARD -m set --match-set blocklist dst -j DROP
-I FORWARD -m set --match-set blocklist src -j DROP
COMMIT
`,
    packets: ALL_PASS,
    first: null,
  },
  {
    incident: 'the chains of tailscale decide nothing about containers',
    iptables: `*filter
:ts-input - [0:0]
:ts-forward - [0:0]
-I INPUT -j ts-input
-I FORWARD -j ts-forward
-A ts-forward -i tailscale0 -j MARK --set-xmark 0x40000/0xff0000
-A ts-forward -m mark --mark 0x40000/0xff0000 -j ACCEPT
-A ts-forward -s 100.64.0.0/10 -o tailscale0 -j DROP
-A ts-forward -o tailscale0 -m conntrack ! --ctstate RELATED,ESTABLISHED -j DROP
-A ts-forward -o tailscale0 -j ACCEPT
-A ts-input -s 100.101.102.103/32 -i lo -j ACCEPT
-A ts-input -s 100.115.92.0/23 ! -i tailscale0 -j RETURN
-A ts-input -s 100.64.0.0/10 ! -i tailscale0 -j DROP
-A ts-input -i tailscale0 -j ACCEPT
-A ts-input -p udp -m udp --dport 41641 -j ACCEPT
COMMIT
*nat
:ts-postrouting - [0:0]
-I POSTROUTING -j ts-postrouting
-A ts-postrouting -m mark --mark 0x40000/0xff0000 -j MASQUERADE
COMMIT
`,
    packets: ALL_PASS,
    first: null,
  },
];
