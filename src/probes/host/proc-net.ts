/** A listening TCP or UDP socket of /proc/net. */
export type InternetSocket = {
  readonly protocol: 'tcp' | 'udp';
  readonly address: string;
  readonly port: number;
  readonly uid: number;
  readonly inode: string;
};

const LISTEN = '0A';
/** UDP has no LISTEN; the state of a socket without a peer is "closed". */
const UNCONNECTED = '07';
/** __SO_ACCEPTCON: the socket listens. */
const ACCEPTS = 0x10000;

/** Listening sockets of one of /proc/net/{tcp,tcp6,udp,udp6}. */
export function internetSockets(protocol: 'tcp' | 'udp', text: string): readonly InternetSocket[] {
  const wanted = protocol === 'tcp' ? LISTEN : UNCONNECTED;
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , uid, , inode = ''] = line.trim().split(/\s+/);
    const [host = '', port = ''] = local.split(':');
    if (state !== wanted || !/^\d+$/.test(inode) || !/^([0-9A-F]{8}|[0-9A-F]{32})$/.test(host)) return [];
    return [{ protocol, address: addressOf(host), port: Number.parseInt(port, 16), uid: Number(uid), inode }];
  });
}

/** Listening sockets of /proc/net/unix that have a path. */
export function unixListeners(text: string): readonly { readonly path: string; readonly inode: string }[] {
  return text.split('\n').flatMap((line) => {
    const [, flags, inode, path] = /^[0-9a-f]+: \S+ \S+ (\S+) \S+ \S+ +(\d+) (\/.*)$/.exec(line) ?? [];
    if (flags === undefined || inode === undefined || path === undefined) return [];
    return (Number.parseInt(flags, 16) & ACCEPTS) === 0 ? [] : [{ path, inode }];
  });
}

/** The addresses of /proc/net/if_inet6, which contains them without colons. */
export function inet6Addresses(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const words = /^([0-9a-f]{32}) /.exec(line)?.[1]?.match(/.{4}/g);
    return words == null ? [] : [shorten(words.map((word) => Number.parseInt(word, 16).toString(16)))];
  });
}

/** An address of /proc/net: hexadecimal words of four bytes, each in little-endian order. */
function addressOf(hex: string): string {
  const bytes =
    hex
      .match(/.{8}/g)
      ?.flatMap((word) => (word.match(/../g) as string[]).reverse().map((byte) => Number.parseInt(byte, 16))) ?? [];
  if (bytes.length === 4) return bytes.join('.');
  const words = Array.from({ length: 8 }, (_, index) =>
    (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16),
  );
  return shorten(words);
}

/** IPv6 in the usual notation, without its longest run of zeros. */
function shorten(words: readonly string[]): string {
  let [best, length] = [-1, 1];
  for (let at = 0; at < words.length; at += 1) {
    let end = at;
    while (words[end] === '0') end += 1;
    if (end - at > length) [best, length] = [at, end - at];
  }
  return best < 0 ? words.join(':') : `${words.slice(0, best).join(':')}::${words.slice(best + length).join(':')}`;
}
