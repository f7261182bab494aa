import { describe, expect, test } from 'vitest';
import { decisionOf } from '../../../../src/probes/host/filter/evaluate-chain.ts';
import { explainPath } from '../../../../src/probes/host/filter/explain-path.ts';
import { readIpsetSave } from '../../../../src/probes/host/filter/ipset-save.ts';
import { readIptablesSave } from '../../../../src/probes/host/filter/iptables-save.ts';
import { ANY_PACKET } from '../../../../src/probes/host/filter/packet.ts';
import { type PacketEndpoint, packetPaths } from '../../../../src/probes/host/filter/packet-paths.ts';
import { rangeOf } from '../../../../src/probes/host/ipv4.ts';

const container: PacketEndpoint = {
  kind: 'interface',
  name: 'jaco-5042-1b78',
  link: 'bridge',
  address: rangeOf('10.244.0.5'),
};
const world: PacketEndpoint = { kind: 'interface', name: 'eth0', link: 'ethernet', address: rangeOf('93.184.215.14') };
const jacod: PacketEndpoint = { kind: 'host', address: rangeOf('10.166.0.1'), uid: 990 };
const out = packetPaths({
  what: 'out',
  from: container,
  to: world,
  proto: 'tcp',
  dport: 80,
  masqueradeAs: rangeOf('10.166.0.1'),
  filtersBridged: false,
});
const query = packetPaths({ what: 'query', from: jacod, to: world, proto: 'udp', dport: 53, filtersBridged: false });

// In the format of `ipset save` of ipset 7.17.
const SETS = readIpsetSave(
  [
    'create allowed hash:net family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x48603ff6',
    'add allowed 93.184.215.0/24',
    'create banned hash:ip family inet hashsize 1024 maxelem 65536 timeout 60 bucketsize 12 initval 0xd537a41b',
    'add banned 9.9.9.9 timeout 60',
    'create services hash:ip,port family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0xf46c885b',
    'add services 93.184.215.14,tcp:80',
    'create ports bitmap:port range 0-1000',
    'add ports 443',
    'create uplinks hash:net,iface family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0xbfba4938',
    'add uplinks 93.184.215.0/24,eth0',
    'create except hash:net family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x2bd784a0',
    'add except 93.0.0.0/8',
    'add except 93.184.215.14 nomatch',
    'create all list:set size 8',
    'add all banned',
    'add all allowed',
    '',
  ].join('\n'),
);

function passes(rule: string, path = out.request): string {
  const chain = rule.startsWith('OUTPUT') ? 'OUTPUT' : 'FORWARD';
  const save = `*filter\n:${chain} DROP [0:0]\n-A ${chain} ${rule.replace(/^OUTPUT /, '')} -j ACCEPT\nCOMMIT\n`;
  return explainPath(readIptablesSave(save, 'iptables-legacy', SETS), path).passes;
}

describe('a match of iptables is judged by what the packet is', () => {
  test.each([
    ['-p tcp -m tcp --sport 1:1023', 'no'],
    ['-p tcp -m tcp ! --sport 1:1023', 'yes'],
    ['-p tcp -m multiport --dports 80,443', 'yes'],
    ['-p tcp -m multiport --ports 443,8080', 'no'],
    ['-p 6', 'yes'],
    ['-p 17', 'no'],
    ['-p icmp -m icmp --icmp-type 8', 'no'],
    ['-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN', 'yes'],
    ['-p tcp -m tcp --tcp-flags SYN,ACK ACK', 'no'],
    ['-m iprange --dst-range 93.184.215.1-93.184.215.20', 'yes'],
    ['-m iprange ! --src-range 10.0.0.0-10.255.255.255', 'no'],
    ['-m addrtype --dst-type LOCAL', 'no'],
    ['-m addrtype ! --dst-type LOCAL', 'yes'],
    ['-p tcp -m conntrack --ctorigdst 93.184.215.14 --ctorigdstport 80 --ctdir ORIGINAL', 'yes'],
    ['-m conntrack --ctorigdst 10.166.0.1', 'no'],
    ['-m conntrack --ctdir REPLY', 'no'],
    ['-m conntrack --ctstate DNAT', 'no'],
    ['-m mark --mark 0x40000/0xff0000', 'no'],
    ['-m mark ! --mark 0x1', 'yes'],
    ['-m connmark --mark 0x1', 'no'],
    ['-m policy --dir in --pol ipsec', 'no'],
    ['-m policy --dir in --pol none', 'yes'],
    ['-m physdev --physdev-is-bridged', 'no'],
    ['-m physdev --physdev-in veth0', 'maybe'],
    ['-m time --timestart 08:00:00', 'maybe'],
    ['-m recent --rcheck --name a', 'maybe'],
    ['-f', 'no'],
    ['-m set --match-set allowed dst', 'yes'],
    ['-m set --match-set allowed src', 'no'],
    ['-m set ! --match-set banned dst', 'yes'],
    ['-m set --match-set services dst,dst', 'yes'],
    ['-m set --match-set services src,dst', 'no'],
    ['-m set --match-set ports dst', 'no'],
    ['-m set --match-set uplinks dst,dst', 'yes'],
    ['-m set --match-set uplinks dst,src', 'no'],
    ['-m set --match-set all dst', 'yes'],
    ['-m set --match-set except dst', 'maybe'],
    ['-m set --match-set unknown dst', 'maybe'],
  ])('%s', (rule, expected) => {
    expect(passes(rule)).toBe(expected);
  });

  test.each([
    ['OUTPUT -m owner --uid-owner 0', 'no'],
    ['OUTPUT -m owner ! --uid-owner 0', 'yes'],
    ['OUTPUT -m owner --uid-owner 900-999', 'yes'],
    ['OUTPUT -m owner --gid-owner 0', 'maybe'],
  ])('%s', (rule, expected) => {
    expect(passes(rule, query.request)).toBe(expected);
  });
});

test('marks of a packet, and of its connection when its answer comes, are those that rules set on the way', () => {
  const save = (forward: string) =>
    readIptablesSave(
      [
        '*mangle',
        ':PREROUTING ACCEPT [0:0]',
        '-A PREROUTING -i jaco-+ -j MARK --set-xmark 0x4/0xf',
        '-A PREROUTING -i eth0 -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff',
        ':POSTROUTING ACCEPT [0:0]',
        '-A POSTROUTING -o eth0 -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff',
        'COMMIT',
        '*filter',
        ':FORWARD DROP [0:0]',
        `-A FORWARD ${forward} -j ACCEPT`,
        'COMMIT',
      ].join('\n'),
      'iptables-legacy',
    );
  const both = (forward: string): readonly string[] => {
    const there = explainPath(save(forward), out.request);
    return [there.passes, explainPath(save(forward), out.answer, there.ctMark).passes];
  };
  expect(both('-m mark --mark 0x4/0xf')).toEqual(['yes', 'yes']);
  expect(both('-m mark --mark 0x8/0xf')[0]).toBe('no');
});

// The rules that tailscale leaves above JACO's exemption in POSTROUTING.
test('a jump decides only if a rule that it leads to may', () => {
  const decides = (rule: string): boolean => {
    const [nat] = readIptablesSave(
      `*nat\n:POSTROUTING ACCEPT [0:0]\n:ts-postrouting - [0:0]\n-A POSTROUTING -j ts-postrouting\n-A ts-postrouting ${rule}\nCOMMIT\n`,
      'iptables',
    );
    const jump = nat?.chains[0]?.rules[0];
    const packet = { ...ANY_PACKET, saddr: rangeOf('10.244.0.0/16'), oif: 'jaco0', mark: [0], ctMark: [0] };
    return nat !== undefined && jump !== undefined && decisionOf(jump, nat, packet) !== 'none';
  };
  expect(decides('-m mark --mark 0x40000/0xff0000 -j MASQUERADE')).toBe(false);
  expect(decides('-o eth0 -j MASQUERADE')).toBe(false);
  expect(decides('-s 10.0.0.0/8 -j RETURN')).toBe(false);
  expect(decides('-s 10.0.0.0/8 -j MASQUERADE')).toBe(true);
  expect(decides('-m time --timestart 08:00:00 -j MASQUERADE')).toBe(true);
});
