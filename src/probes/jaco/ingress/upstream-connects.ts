import { setMaxListeners } from 'node:events';
import { value } from '../../../engine/outcome.ts';
import { isLocalShortage, tryConnect } from '../../io/try-connect.ts';
import { probe } from '../jaco-probe.ts';
import { loadedRoutes } from './loaded-routes.ts';

/**
 * The result of a TCP connect to an upstream. `lost`: no answer, although the kernel asked twice. `no-route`: this
 * host, or a router, reports that the address cannot be reached. `invalid`: it is not an address with a port.
 * `not-measured`: this process has no descriptor or memory left.
 */
export type UpstreamConnect = {
  readonly dial: string;
  readonly kind: 'connected' | 'refused' | 'lost' | 'no-route' | 'invalid' | 'reset' | 'not-measured';
  /** The error code of the system; null for a connection and for silence. */
  readonly code: string | null;
};

export type UpstreamConnects = {
  readonly list: readonly UpstreamConnect[];
  /** Upstreams beyond the limit, which were not connected to. */
  readonly omitted: number;
};

/** The kernel sends a second packet after 1 s. */
const LIMIT_MS = 1_800;
const MAX_UPSTREAMS = 400;

/**
 * Connects to each upstream of a route in the proxy of this node, from where the proxy does, and sends nothing. The
 * application sees a connection that is closed at once.
 */
export const upstreamConnects = probe({
  name: 'jaco.upstream-connects',
  after: { loaded: loadedRoutes },
  deadlineMs: LIMIT_MS + 1_000,
  async collect(io, { loaded }, signal) {
    const all = [...new Set(loaded.routes.flatMap(({ upstreams }) => upstreams))];
    io.phase('connect');
    setMaxListeners(0, signal);
    const list = await Promise.all(all.slice(0, MAX_UPSTREAMS).map((dial) => connectTo(dial, signal)));
    return value<UpstreamConnects>({ list, omitted: Math.max(0, all.length - MAX_UPSTREAMS) });
  },
});

async function connectTo(dial: string, signal: AbortSignal): Promise<UpstreamConnect> {
  const [, host, port] = /^\[?([0-9a-f.:]+?)\]?:(\d{1,6})$/i.exec(dial) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) return { dial, kind: 'invalid', code: null };
  const result = await tryConnect({ host, port: Number(port) }, LIMIT_MS, signal);
  if (result.kind === 'connected') return { dial, kind: 'connected', code: null };
  if (result.kind === 'no-answer') return { dial, kind: 'lost', code: null };
  const { code } = result;
  if (isLocalShortage(code)) return { dial, kind: 'not-measured', code };
  const kinds = { ECONNREFUSED: 'refused', ECONNRESET: 'reset', ETIMEDOUT: 'lost' } as const;
  return { dial, kind: kinds[code as keyof typeof kinds] ?? 'no-route', code };
}
