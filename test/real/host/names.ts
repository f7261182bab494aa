import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { decode, encode } from 'dns-packet';
import { addressOf, firstParts, gatewayOf, type Part, type Workload } from './workload.ts';

const SERVER_FAILURE = 2;
const NXDOMAIN = 3;
/** An authoritative answer to a recursive query. */
const AUTHORITATIVE = 0x0580;
/** JACO's timeout for a forwarder. */
const FORWARDER_MS = 2_000;

/**
 * Serves names of services on the gateways, as the daemon does: over UDP and TCP, with NXDOMAIN for unknown names.
 * Names with a dot are forwarded to `address:port`.
 */
export async function serveNames(workload: () => Workload | null, forwarder: string | null): Promise<void> {
  const atStart = workload();
  for (const part of atStart === null ? [] : firstParts(atStart)) {
    const answer = (question: Buffer): Promise<Buffer> => answerOf(workload(), part, question, forwarder);
    const udp = createSocket('udp4');
    udp.on('message', async (question, from) => udp.send(await answer(question), from.port, from.address));
    const tcp = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('data', async (data) => {
        const said = await answer(data.subarray(2));
        const length = Buffer.alloc(2);
        length.writeUInt16BE(said.length);
        socket.end(Buffer.concat([length, said]));
      });
    });
    // If the port is taken the daemon tries again later; this one continues without it.
    udp.on('error', () => udp.close());
    tcp.on('error', () => {});
    udp.bind(53, gatewayOf(part));
    tcp.listen(53, gatewayOf(part));
    await once(udp, 'listening').catch(() => null);
  }
}

async function answerOf(
  workload: Workload | null,
  here: Part,
  question: Buffer,
  forwarder: string | null,
): Promise<Buffer> {
  const { id, questions = [] } = decode(question);
  const [asked] = questions;
  const refused = (code: number): Buffer =>
    encode({ id: id ?? 0, type: 'response', flags: AUTHORITATIVE | code, questions });
  if (asked?.name.includes('.') && forwarder !== null)
    return (await forward(question, forwarder)) ?? refused(SERVER_FAILURE);
  const found = (workload?.parts ?? []).find(
    ({ deployment, network, service }) =>
      deployment === here.deployment && network === here.network && service === asked?.name,
  );
  if (found === undefined || workload?.unknown.includes(found.service) !== false) return refused(NXDOMAIN);
  return encode({
    id: id ?? 0,
    type: 'response',
    flags: AUTHORITATIVE,
    questions,
    answers: asked?.type === 'A' ? [{ type: 'A', name: asked.name, ttl: 5, data: addressOf(found) }] : [],
  });
}

/** The forwarder's answer over UDP, or null. */
function forward(question: Buffer, forwarder: string): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const settle = (answer: Buffer | null): void => {
      clearTimeout(timeout);
      socket.removeAllListeners().on('error', () => {});
      socket.close();
      resolve(answer);
    };
    const timeout = setTimeout(() => settle(null), FORWARDER_MS);
    const [host, port] = forwarder.split(':');
    socket.on('error', () => settle(null));
    socket.on('message', settle);
    socket.connect(Number(port ?? 53), host, () => socket.send(question));
  });
}
