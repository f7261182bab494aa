import type { Cause, Finding } from '../../../src/engine/finding.ts';
import { formatDuration } from '../../../src/engine/format.ts';
import type { ContainerPorts } from '../../../src/probes/jaco/ingress/container-ports.ts';
import type { UpstreamConnect } from '../../../src/probes/jaco/ingress/upstream-connects.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';
import type { Route } from '../../../src/probes/jaco/runtime/stored-ingress.ts';
import { nameOf, otherRoutes } from './no-upstreams.ts';
import { onHost } from './usability.ts';

/** An upstream of a route, the result of a connect, and the replica that has its address. */
export type Upstream = {
  readonly connect: UpstreamConnect;
  readonly row: Replica | null;
  /** Whether the replica is on this node; null if the replica is unknown. */
  readonly isLocal: boolean | null;
  /** The sockets on which programs listen in its container; null if that was not read. */
  readonly sockets: ContainerPorts['sockets'] | null;
};

/** The time that a program may need from the start of its container until it listens, in ms. A choice of this check. */
const START_MS = 60_000;

/** Judges the upstreams of the routes of one service and port together. */
export function unreachable(
  routes: readonly Route[],
  upstreams: readonly Upstream[],
  now: number,
): { readonly finding: Finding<'route_upstream_unreachable', never> | null; readonly notes: readonly string[] } {
  const failing = upstreams.filter(({ connect: { kind } }) => kind !== 'connected' && kind !== 'not-measured');
  const starting = failing.filter((one) => isStarting(one, now));
  const [worst] = failing.filter((one) => !starting.includes(one));
  const notes = starting.map(({ connect, row }) => {
    const age = formatDuration(now - (row?.startedAtMs ?? now));
    return `${row?.id} has been running for ${age} and does not listen on ${portOf(connect)} yet`;
  });
  if (worst === undefined) return { finding: null, notes };
  const [first] = routes as [Route];
  const { cause, listening } = causeOf(worst);
  const isPartial = upstreams.some(({ connect }) => connect.kind === 'connected');
  // A refusal proves that the container is reached. A port that does not exist fails from anywhere.
  const isRoot = worst.connect.kind === 'invalid' || (worst.connect.kind === 'refused' && worst.isLocal === true);
  return {
    notes,
    finding: {
      id: 'route_upstream_unreachable',
      subject: nameOf(first),
      cause,
      values: {
        domain: first.domain,
        service: first.service,
        port: String(first.port),
        ...(worst.row?.host == null ? {} : { host: worst.row.host }),
        ...(listening === null ? {} : { listening }),
      },
      evidence: [
        `${nameOf(first)} leads to service ${first.service} of ${first.deployment}, port ${first.port}`,
        ...failing.slice(0, 5).map(describe),
        ...(isPartial ? ['other upstreams of the route accept connections, and the proxy tries another one then'] : []),
        ...otherRoutes(routes),
      ],
      ...(isPartial ? { severity: 'warn' as const } : {}),
      ...(isRoot ? { isRoot: true as const } : {}),
    },
  };
}

function isStarting({ connect, row }: Upstream, now: number): boolean {
  return connect.kind === 'refused' && row?.startedAtMs != null && now - row.startedAtMs < START_MS;
}

function portOf({ dial }: UpstreamConnect): string {
  return dial.slice(dial.lastIndexOf(':') + 1);
}

function causeOf({ connect, isLocal, sockets }: Upstream): {
  readonly cause: Cause<'route_upstream_unreachable'>;
  readonly listening: string | null;
} {
  const found = (cause: Cause<'route_upstream_unreachable'>, listening: string | null = null) => ({ cause, listening });
  switch (connect.kind) {
    case 'refused': {
      const port = Number(portOf(connect));
      if (sockets?.some((socket) => socket.port === port && isLoopback(socket.address))) return found('loopback-only');
      const others = [...new Set(sockets?.filter(({ address }) => !isLoopback(address)).map((one) => one.port))];
      const [only] = others;
      return others.length === 1 && only !== undefined ? found('other-port', String(only)) : found('refused');
    }
    case 'invalid':
      return found('invalid-port');
    case 'lost':
      return found(isLocal === false ? 'other-node' : 'timeout');
    case 'no-route':
      return found(isLocal === false ? 'other-node' : 'no-route');
    default:
      return found('other');
  }
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function describe({ connect, row, isLocal, sockets }: Upstream): string {
  const where = row === null ? '' : ` (${row.id}${onHost(row)}${isLocal === true ? ', this node' : ''})`;
  const result = {
    connected: 'accepts connections',
    refused: 'refuses the connection',
    lost: 'does not answer a connect',
    'no-route': `cannot be reached: ${connect.code}`,
    invalid: 'is not an address with a valid port',
    reset: 'resets the connection',
    'not-measured': `was not asked: ${connect.code}`,
  }[connect.kind];
  return `${connect.dial}${where} ${result}${connect.kind === 'refused' ? describeSockets(sockets) : ''}`;
}

function describeSockets(sockets: Upstream['sockets']): string {
  if (sockets === null) return '';
  if (sockets.length === 0) return '; no program in the container listens on a TCP port';
  const listed = sockets
    .slice(0, 5)
    .map(({ address, port }) => `${address.includes(':') ? `[${address}]` : address}:${port}`);
  return `; programs in the container listen on ${listed.join(', ')}`;
}
