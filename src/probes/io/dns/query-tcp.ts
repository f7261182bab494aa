import { connect, type Socket } from 'node:net';
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
 * Sends one question over its own TCP connection: two bytes of length, then the message, in both directions. Never
 * throws, never retries, ends with the signal.
 */
export async function queryTcp(
  { address, port }: NameServer,
  question: Question,
  options: QueryOptions,
): Promise<DnsResult> {
  const codec = await loadCodec();
  const query = encodeQuestion(codec, question);
  return runDnsExchange(options, ({ received, failed }) => {
    let socket: Socket;
    let bytes = Buffer.alloc(0);
    try {
      socket = connect({ host: address, port });
    } catch (error) {
      failed('unreachable', error as NodeJS.ErrnoException);
      return () => {};
    }
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.bytes.length);
    socket.once('connect', () => socket.write(Buffer.concat([length, query.bytes])));
    socket.on('data', (chunk) => {
      // A message has at most 65,535 bytes, and only one is read.
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 2 || bytes.length < bytes.readUInt16BE(0) + 2) return;
      received(decodeReply(codec, query, question, bytes.subarray(2, bytes.readUInt16BE(0) + 2)), false);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => failed(failureWhy(error), error));
    socket.on('close', () => failed('closed', null));
    return () => socket.destroy();
  });
}
