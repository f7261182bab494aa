import type { Host } from '../host/host.ts';
import { CONTAINER_PORT, containerName, OTHER_SERVER, OUTSIDE, WEB_SERVER } from '../host/host-network.ts';
import { addressOf, gatewayOf, type Part, WORKLOAD } from '../host/workload.ts';

/** `passes`: answered correctly. `wrong`: another host answered something else. `lost`: silence, or an error. */
export type State = 'passes' | 'wrong' | 'lost';

/**
 * Flows whose real result is measured, with the test's own program. From a container of shop_front: `out` and `out2`
 * (two external servers), `dns` and `dnstcp` (a service name at its gateway, over UDP and TCP), `name` (an external
 * name there). From one of shop_back: `backOut`, `backDns`. `same`: from one container of shop_front to the other.
 * `in`: from the host to the container of shop_front; `inDirect`: from outside to its address. `asJacod`, `asRoot`:
 * these users of the host ask the name server.
 */
export type FlowName =
  | 'out'
  | 'out2'
  | 'dns'
  | 'dnstcp'
  | 'name'
  | 'backOut'
  | 'backDns'
  | 'same'
  | 'in'
  | 'inDirect'
  | 'asJacod'
  | 'asRoot';

type Vantage = { readonly argv: readonly string[] };
type Flow = { readonly from: Vantage; readonly ask: string };

/**
 * Prints `NAME STATE` for each `NAME=tcp/HOST/PORT` and `NAME=udp/HOST/PORT/QUESTION` or `NAME=tcp/HOST/PORT/QUESTION`.
 * It needs only Node and shares no code with the doctor. A SYN is sent again after 1 s, a datagram after half of the
 * time.
 */
export const PACKETS_PROGRAM = `
const net = require('node:net');
const dgram = require('node:dgram');
const SILENCE_MS = 1500;
const query = (name) => Buffer.concat([
  Buffer.from([18, 52, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
  ...name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
  Buffer.from([0, 0, 1, 0, 1]),
]);
const judged = (message) => ((message[3] & 15) === 0 && message.readUInt16BE(6) > 0 ? 'passes' : 'wrong');
const tcp = (host, port, name) => new Promise((resolve) => {
  const socket = net.connect({ host, port });
  setTimeout(() => resolve('lost'), SILENCE_MS);
  socket.on('error', () => resolve('lost'));
  socket.on('connect', () => {
    if (name === undefined) return resolve('passes');
    const question = query(name);
    socket.write(Buffer.concat([Buffer.from([0, question.length]), question]));
  });
  socket.on('data', (data) => resolve(judged(data.subarray(2))));
});
const udp = (host, port, name) => new Promise((resolve) => {
  const socket = dgram.createSocket('udp4');
  const send = () => socket.send(query(name), () => {});
  setTimeout(() => resolve('lost'), SILENCE_MS);
  setTimeout(send, SILENCE_MS / 2);
  socket.on('error', () => resolve('lost'));
  socket.on('message', (message) => resolve(judged(message)));
  socket.connect(port, host, send);
});
Promise.all(process.argv.slice(2).map(async (argument) => {
  const [name, ask] = argument.split('=');
  const [protocol, host, port, question] = ask.split('/');
  return name + ' ' + (await (protocol === 'tcp' ? tcp : udp)(host, Number(port), question));
})).then((lines) => process.stdout.write(lines.join('\\n'), () => process.exit()));
`;

const PROGRAM = '/opt/stand-in/packets.cjs';
const [BACK, FRONT, , NEIGHBOUR] = WORKLOAD.parts as [Part, Part, Part, Part];
const inside = (namespace: string): Vantage => ({ argv: ['nsenter', `--net=/run/netns/${namespace}`] });
const front = inside(containerName(FRONT));
const back = inside(containerName(BACK));
const web = `tcp/${WEB_SERVER.host}/${WEB_SERVER.port}`;
const container = `tcp/${addressOf(FRONT)}/${CONTAINER_PORT}`;
const nameServer = 'udp/127.0.0.1/5353/example.com';

const FLOWS: Readonly<Record<FlowName, Flow>> = {
  out: { from: front, ask: web },
  out2: { from: front, ask: `tcp/${OTHER_SERVER.host}/${OTHER_SERVER.port}` },
  dns: { from: front, ask: `udp/${gatewayOf(FRONT)}/53/${FRONT.service}` },
  dnstcp: { from: front, ask: `tcp/${gatewayOf(FRONT)}/53/${FRONT.service}` },
  name: { from: front, ask: `udp/${gatewayOf(FRONT)}/53/example.com` },
  backOut: { from: back, ask: web },
  backDns: { from: back, ask: `udp/${gatewayOf(BACK)}/53/${BACK.service}` },
  same: { from: front, ask: `tcp/${addressOf(NEIGHBOUR)}/${CONTAINER_PORT}` },
  in: { from: { argv: [] }, ask: container },
  inDirect: { from: inside(OUTSIDE), ask: container },
  asJacod: { from: { argv: ['setpriv', '--reuid=jaco', '--regid=jaco', '--clear-groups'] }, ask: nameServer },
  asRoot: { from: { argv: [] }, ask: nameServer },
};

/** The real result of packets; all flows at once, each tried twice. */
export async function measure(host: Host, names: readonly FlowName[]): Promise<Readonly<Record<string, State>>> {
  const byVantage = new Map<string, { readonly argv: readonly string[]; readonly asks: string[] }>();
  for (const name of names) {
    const { from, ask } = FLOWS[name];
    const group = byVantage.get(from.argv.join(' ')) ?? { argv: from.argv, asks: [] };
    group.asks.push(`${name}=${ask}`);
    byVantage.set(from.argv.join(' '), group);
  }
  const said = await Promise.all(
    [...byVantage.values()].map(({ argv, asks }) => host.run([...argv, 'node', PROGRAM, ...asks])),
  );
  const lines = said.flatMap(({ code, stdout, stderr }) => {
    if (code !== 0) throw new Error(`packets could not be sent: ${stderr}`);
    return stdout.split('\n').map((line) => line.split(' '));
  });
  return Object.fromEntries(lines) as Readonly<Record<string, State>>;
}
