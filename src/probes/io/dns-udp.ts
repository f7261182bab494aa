import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import {
  type AskOptions,
  type DnsFailure,
  type DnsSaid,
  decode,
  encode,
  loadCodec,
  type NameServer,
  type Question,
} from './dns-message.ts';

/** One datagram and the wait for its answer. The socket is connected, so that the host's "nobody listens" is heard. */
export async function askUdp(
  { address, port }: NameServer,
  question: Question,
  { limitMs, signal }: AskOptions,
): Promise<DnsSaid> {
  const codec = await loadCodec();
  const asked = encode(codec, question);
  const begun = performance.now();
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    let strays = 0;
    let over = false;
    const ms = (): number => Math.round(performance.now() - begun);
    const settle = (said: DnsSaid): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      socket.close();
      resolve(said);
    };
    const fail = (why: DnsFailure['why'], code: string | null): void =>
      settle({ kind: 'failure', why, code, strays, ms: ms() });
    const giveUp = (): void => fail('silent', null);
    const timer = setTimeout(giveUp, limitMs);
    socket.on('error', (error: NodeJS.ErrnoException) => fail(whyOf(error), error.code ?? 'ERROR'));
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('message', (bytes) => {
      const received = decode(codec, asked, question, bytes);
      // A resolver goes on waiting for its own: so does this.
      if (received === 'stray') strays += 1;
      else if (received === 'garbled') fail('garbled', null);
      else settle({ kind: 'answer', ...received, ms: ms() });
    });
    socket.once('connect', () => {
      if (over) return;
      socket.send(asked.bytes, (error) => {
        if (error !== null) fail(whyOf(error), (error as NodeJS.ErrnoException).code ?? 'ERROR');
      });
    });
    try {
      // Without a callback: it would be called for an error too.
      socket.connect(port, address);
    } catch (error) {
      fail('unreachable', (error as NodeJS.ErrnoException).code ?? 'ERROR');
    }
  });
}

function whyOf({ code }: NodeJS.ErrnoException): DnsFailure['why'] {
  return code === 'ECONNREFUSED' ? 'refused' : 'unreachable';
}
