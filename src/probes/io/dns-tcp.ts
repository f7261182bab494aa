import { connect, type Socket } from 'node:net';
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

/** One question over a connection of its own: two bytes of length, then the message, in both directions. */
export async function askTcp(
  { address, port }: NameServer,
  question: Question,
  { limitMs, signal }: AskOptions,
): Promise<DnsSaid> {
  const codec = await loadCodec();
  const asked = encode(codec, question);
  const begun = performance.now();
  return new Promise((resolve) => {
    let socket: Socket | undefined;
    let over = false;
    let received = Buffer.alloc(0);
    const ms = (): number => Math.round(performance.now() - begun);
    const settle = (said: DnsSaid): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      socket?.destroy();
      resolve(said);
    };
    const fail = (why: DnsFailure['why'], code: string | null): void =>
      settle({ kind: 'failure', why, code, strays: 0, ms: ms() });
    const giveUp = (): void => fail('silent', null);
    const timer = setTimeout(giveUp, limitMs);
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      socket = connect({ host: address, port });
    } catch (error) {
      return fail('unreachable', (error as NodeJS.ErrnoException).code ?? 'ERROR');
    }
    const length = Buffer.alloc(2);
    length.writeUInt16BE(asked.bytes.length);
    socket.once('connect', () => socket?.write(Buffer.concat([length, asked.bytes])));
    socket.on('data', (chunk) => {
      // A message is 65,535 bytes at most; one is all that is read.
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < received.readUInt16BE(0) + 2) return;
      const said = decode(codec, asked, question, received.subarray(2, received.readUInt16BE(0) + 2));
      if (said === 'stray' || said === 'garbled') fail('garbled', null);
      else settle({ kind: 'answer', ...said, ms: ms() });
    });
    socket.on('error', (error: NodeJS.ErrnoException) => fail(whyOf(error), error.code ?? 'ERROR'));
    socket.on('close', () => fail('closed', null));
  });
}

function whyOf({ code }: NodeJS.ErrnoException): DnsFailure['why'] {
  if (code === 'ECONNREFUSED') return 'refused';
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'closed' : 'unreachable';
}
