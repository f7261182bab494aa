/** Protocol numbers of IANA that rules commonly name. A host without /etc/protocols shows the number. */
const NAMES: { readonly [number: string]: string } = {
  1: 'icmp',
  2: 'igmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  47: 'gre',
  50: 'esp',
  51: 'ah',
  58: 'ipv6-icmp',
  89: 'ospf',
  108: 'ipcomp',
  132: 'sctp',
  136: 'udplite',
};
const ALIASES: { readonly [name: string]: string } = { icmpv6: 'ipv6-icmp', comp: 'ipcomp', 'ipv6-crypt': 'esp' };

/** The common name of a protocol, or its number if it has none: `17`, `UDP` and 17 are `udp`. */
export function protocolName(protocol: string | number): string {
  const word = String(protocol).toLowerCase();
  const known = /^\d+$/.test(word) ? NAMES[Number(word)] : undefined;
  return known ?? (Object.hasOwn(ALIASES, word) ? ALIASES[word] : undefined) ?? word;
}

/** ICMP types by the names that nft and iptables print. */
const ICMP_TYPES: { readonly [number: string]: string } = {
  0: 'echo-reply',
  3: 'destination-unreachable',
  4: 'source-quench',
  5: 'redirect',
  8: 'echo-request',
  9: 'router-advertisement',
  10: 'router-solicitation',
  11: 'time-exceeded',
  12: 'parameter-problem',
  13: 'timestamp-request',
  14: 'timestamp-reply',
  17: 'address-mask-request',
  18: 'address-mask-reply',
};

/** The name of an ICMP type: `8`, `8/0` and `echo-request` are the same. */
export function icmpTypeName(type: string | number): string {
  const word = String(type).toLowerCase();
  const [, number] = /^(\d+)(?:\/\d+)?$/.exec(word) ?? [];
  return number === undefined ? word : (ICMP_TYPES[Number(number)] ?? number);
}
