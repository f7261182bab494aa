import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { failureWhy, runDnsExchange } from './dns-exchange.ts';
import {
  type DnsResult,
  decodeReply,
  encodeQuestion,
  loadCodec,
  type NameServer,
  type QueryOptions,
  type Question,
} from './message.ts';

/**
 * Sends one question over UDP, as JACO's forwarder does. The socket is connected, so that an ICMP error is received.
 * Never throws, never retries, ends with the signal.
 */
export async function queryUdp(
  { address, port }: NameServer,
  question: Question,
  options: QueryOptions,
): Promise<DnsResult> {
  const codec = await loadCodec();
  const query = encodeQuestion(codec, question);
  return runDnsExchange(options, ({ received, failed }) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    let open = true;
    socket.on('error', (error: NodeJS.ErrnoException) => failed(failureWhy(error), error));
    // Like a resolver, this ignores a foreign answer and continues to wait.
    socket.on('message', (bytes) => received(decodeReply(codec, query, question, bytes), true));
    socket.once('connect', () => {
      if (!open) return;
      socket.send(query.bytes, (error) => {
        if (error !== null) failed(failureWhy(error), error as NodeJS.ErrnoException);
      });
    });
    try {
      // Without a callback, because it would also be called for an error.
      socket.connect(port, address);
    } catch (error) {
      failed('unreachable', error as NodeJS.ErrnoException);
    }
    return () => {
      open = false;
      socket.close();
    };
  });
}
