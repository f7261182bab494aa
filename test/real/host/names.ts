import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { decode, encode } from 'dns-packet';
import { addressOf, gatewayOf, type Part, type Workload } from './workload.ts';

const NXDOMAIN = 3;

/** Serves names of services on the gateways, as the daemon does: over UDP and TCP, and NXDOMAIN for what it does not know. */
export async function serveNames(workload: () => Workload | null): Promise<void> {
  for (const part of workload()?.parts ?? []) {
    const answer = (question: Buffer): Buffer => answerOf(workload(), part, question);
    const udp = createSocket('udp4');
    udp.on('message', (question, from) => udp.send(answer(question), from.port, from.address));
    const tcp = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('data', (data) => {
        const said = answer(data.subarray(2));
        const length = Buffer.alloc(2);
        length.writeUInt16BE(said.length);
        socket.end(Buffer.concat([length, said]));
      });
    });
    // Where somebody has the port the daemon tries again later; this one does without.
    udp.on('error', () => udp.close());
    tcp.on('error', () => {});
    udp.bind(53, gatewayOf(part));
    tcp.listen(53, gatewayOf(part));
    await once(udp, 'listening').catch(() => null);
  }
}

function answerOf(workload: Workload | null, here: Part, question: Buffer): Buffer {
  const { id, questions = [] } = decode(question);
  const [asked] = questions;
  const found = (workload?.parts ?? []).find(
    ({ deployment, network, service }) =>
      deployment === here.deployment && network === here.network && service === asked?.name,
  );
  const known = found !== undefined && workload?.unknown.includes(found.service) === false;
  return encode({
    id: id ?? 0,
    type: 'response',
    // Authoritative, and the code in the last bits.
    flags: 0x0580 | (known ? 0 : NXDOMAIN),
    questions,
    answers: known && asked?.type === 'A' ? [{ type: 'A', name: asked.name, ttl: 5, data: addressOf(found) }] : [],
  });
}
