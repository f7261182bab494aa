import { notApplicable, value } from '../../../engine/outcome.ts';
import { httpGet } from '../../io/http/http.ts';
import { probe } from '../jaco-probe.ts';
import { loadedRoutes } from './loaded-routes.ts';
import { upstreamConnects } from './upstream-connects.ts';

/** The answer of the application behind a route to a HEAD request: a status, silence, or something that is not HTTP. */
export type RouteAnswer = {
  readonly domain: string;
  readonly pattern: string;
  readonly dial: string;
} & (
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'silent' | 'failed'; readonly detail: string }
);

export type RouteAnswers = { readonly list: readonly RouteAnswer[]; readonly omitted: number };

const LIMIT_MS = 2_000;
const MAX_ROUTES = 200;

/** Asks the first upstream of each route that accepts connections, as the proxy would. Only with `--deep`. */
export const routeAnswers = probe({
  name: 'jaco.route-answers',
  after: { loaded: loadedRoutes, connects: upstreamConnects },
  deadlineMs: LIMIT_MS + 1_000,
  async collect(io, { loaded, connects }, signal) {
    if (!io.settings.deep) return notApplicable('applications are asked with --deep only');
    const open = new Set(connects.list.flatMap(({ kind, dial }) => (kind === 'connected' ? [dial] : [])));
    const routes = loaded.routes.flatMap(({ domain, pattern, upstreams }) => {
      const dial = upstreams.find((one) => open.has(one));
      return dial === undefined ? [] : [{ domain, pattern, dial }];
    });
    io.phase('answer');
    const list = await Promise.all(routes.slice(0, MAX_ROUTES).map((route) => ask(route, signal)));
    return value<RouteAnswers>({ list, omitted: Math.max(0, routes.length - MAX_ROUTES) });
  },
});

async function ask(
  route: { readonly domain: string; readonly pattern: string; readonly dial: string },
  signal: AbortSignal,
): Promise<RouteAnswer> {
  const at = route.dial.lastIndexOf(':');
  const target = {
    kind: 'web',
    secure: false,
    host: route.dial.slice(0, at),
    port: Number(route.dial.slice(at + 1)),
    proxy: null,
    ca: null,
  } as const;
  const path = route.pattern.replace(/\*$/, '').replace(/^(?!\/)/, '/');
  const answer = await httpGet(target, path, {
    method: 'HEAD',
    limitMs: LIMIT_MS,
    signal,
    headers: { host: route.domain },
  });
  if (answer.kind === 'answer') return { ...route, kind: 'status', status: answer.status };
  const { why, detail } = answer.failure;
  return { ...route, kind: why === 'silent' ? 'silent' : 'failed', detail };
}
