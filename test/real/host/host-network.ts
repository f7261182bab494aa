import { addressOf, firstParts, gatewayOf, type Part, type Workload } from './workload.ts';

/** The port on which every container of the host answers over TCP. */
export const CONTAINER_PORT = 8080;
/** The network outside of the host, behind its default route: the router, and two servers that answer over TCP. */
const ROUTER = '10.166.0.254';
export const WEB_SERVER = { host: '93.184.215.14', port: 80 };
export const OTHER_SERVER = { host: '1.1.1.1', port: 443 };
/** The network namespace of the outside. */
export const OUTSIDE = 'outside';

/** The network namespace of a container, and the name of the unit that runs in it. */
export function containerName({ deployment, service }: Part): string {
  return `container-${deployment}-${service}`;
}

const SERVE = '/opt/stand-in/serve.cjs';

/** Listens on the given `HOST:PORT` and sends a greeting to each client. */
export const SERVER_PROGRAM = `
for (const [host, port] of process.argv.slice(2).map((text) => text.split(':')))
  require('node:net').createServer((socket) => socket.on('error', () => {}).end('hello\\n')).listen(port, host);
`;

/**
 * The shell script that gives the host the bridges and containers of a workload and a route to the outside; null
 * removes them. A container is a process in its own network namespace, so packets act as in a real one.
 */
export function networkScript(workload: Workload | null): string {
  const parts = workload?.parts ?? [];
  return [
    'systemctl stop "container-*.service" outside.service 2>/dev/null || true',
    'for name in $(ip netns list | cut -d" " -f1); do ip netns del $name; done',
    'for name in $(ls /sys/class/net | grep -e ^jaco- -e ^eth0); do ip link del $name 2>/dev/null || true; done',
    ...(workload === null ? [] : firstParts(workload).flatMap(bridgeLines)),
    ...parts.flatMap(containerLines),
    ...outsideLines(),
  ].join('\n');
}

function bridgeLines(part: Part): readonly string[] {
  return [
    `ip link add ${part.bridge} type bridge`,
    `ip addr add ${gatewayOf(part)}/24 dev ${part.bridge}`,
    `ip link set ${part.bridge} up`,
  ];
}

function containerLines(part: Part): readonly string[] {
  const name = containerName(part);
  const port = `veth${part.octet}-${part.host}`;
  return [
    `ip netns add ${name}`,
    `ip link add ${port} type veth peer name eth0 netns ${name}`,
    `ip link set ${port} master ${part.bridge} up`,
    ...inside(name, `${addressOf(part)}/24`),
    `ip -n ${name} route add default via ${gatewayOf(part)}`,
    unit(name, name, [`0.0.0.0:${CONTAINER_PORT}`]),
  ];
}

function outsideLines(): readonly string[] {
  const servers = [WEB_SERVER, OTHER_SERVER];
  return [
    `ip netns add ${OUTSIDE}`,
    `ip link add eth0 type veth peer name eth0 netns ${OUTSIDE}`,
    'ip addr add 10.166.0.1/24 dev eth0',
    'ip link set eth0 up',
    ...inside(OUTSIDE, `${ROUTER}/24`),
    ...servers.map(({ host }) => `ip -n ${OUTSIDE} addr add ${host}/32 dev lo`),
    `ip route add default via ${ROUTER}`,
    unit(
      'outside',
      OUTSIDE,
      servers.map(({ host, port }) => `${host}:${port}`),
    ),
  ];
}

function inside(namespace: string, address: string): readonly string[] {
  return [
    `ip -n ${namespace} link set lo up`,
    `ip -n ${namespace} addr add ${address} dev eth0`,
    `ip -n ${namespace} link set eth0 up`,
  ];
}

function unit(name: string, namespace: string, listens: readonly string[]): string {
  const inNamespace = `NetworkNamespacePath=/run/netns/${namespace}`;
  return `systemd-run -q --collect --unit=${name} -p ${inNamespace} /usr/local/bin/node ${SERVE} ${listens.join(' ')}`;
}
