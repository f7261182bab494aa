import { clean } from '../../../engine/text.ts';
import { asList, asObject, type JsonObject } from '../../io/read-json.ts';

/** A route of the proxy: the requests for a domain whose path matches, and their upstreams. */
export type LoadedRoute = {
  readonly domain: string;
  /** The pattern of the path, from {@link pathPattern}. */
  readonly pattern: string;
  /** `address:port` of each upstream; empty if the proxy answers a request with 503. */
  readonly upstreams: readonly string[];
};

/** A published TCP port. The proxy has it only while a replica is usable. */
export type LoadedPort = { readonly port: number; readonly upstreams: readonly string[] };

/**
 * The configuration of a proxy: `none` if it has loaded none, `foreign` if it is not JACO's
 * (docs/jaco-daemon/ingress.md#proxy-configuration).
 */
export type ProxyConfig =
  | { readonly kind: 'none' | 'foreign' }
  | {
      readonly kind: 'loaded';
      readonly routes: readonly LoadedRoute[];
      readonly published: readonly LoadedPort[];
      /** Routes beyond the limit of this program. */
      readonly omitted: number;
    };

const MAX_ROUTES = 10_000;
const MAX_UPSTREAMS = 200;
/** JACO nests two levels: a domain, and its paths. */
const MAX_DEPTH = 4;

/**
 * The pattern that a route's path matches: all paths for an empty one
 * (docs/jaco-daemon/ingress.md#proxy-configuration).
 */
export function pathPattern(path: string): string {
  if (path === '' || path.endsWith('*')) return path;
  return `${path.replace(/\/$/, '')}/*`;
}

/** Parses the answer of `GET /config/`. Parts that differ from JACO's form are left out. */
export function parseProxyConfig(document: unknown): ProxyConfig {
  if (document === null) return { kind: 'none' };
  const apps = asObject(asObject(document)['apps']);
  const servers = asObject(asObject(apps['http'])['servers']);
  if (!Object.keys(servers).some((name) => name.startsWith('jaco_'))) return { kind: 'foreign' };
  const found = new Map<string, LoadedRoute>();
  let omitted = 0;
  const add = (domain: string, pattern: string, upstreams: readonly string[]): void => {
    const key = `${domain} ${pattern}`;
    // A domain is in the servers of both ports, and its first route answers.
    if (found.has(key)) return;
    if (found.size < MAX_ROUTES) found.set(key, { domain, pattern, upstreams });
    else omitted += 1;
  };
  for (const server of Object.values(servers))
    for (const route of asList(asObject(server)['routes'])) walk(asObject(route), [], '', 0, add);
  const published = Object.values(asObject(asObject(apps['layer4'])['servers'])).flatMap(publishedOf);
  return { kind: 'loaded', routes: [...found.values()], published: published.slice(0, MAX_ROUTES), omitted };
}

type Add = (domain: string, pattern: string, upstreams: readonly string[]) => void;

function walk(route: JsonObject, hosts: readonly string[], pattern: string, depth: number, add: Add): void {
  if (depth > MAX_DEPTH) return;
  const [match] = asList(route['match']).map(asObject);
  const domains = textsOf(match?.['host'], 253) ?? hosts;
  const below = textsOf(match?.['path'], 500)?.at(-1) ?? pattern;
  for (const handler of asList(route['handle']).map(asObject)) {
    if (handler['handler'] === 'subroute')
      for (const inner of asList(handler['routes'])) walk(asObject(inner), domains, below, depth + 1, add);
    if (handler['handler'] !== 'reverse_proxy') continue;
    const upstreams = asList(handler['upstreams']).flatMap((one) => textsOf([asObject(one)['dial']], 300) ?? []);
    for (const domain of domains) add(domain, below, upstreams.slice(0, MAX_UPSTREAMS));
  }
}

function publishedOf(server: unknown): readonly LoadedPort[] {
  const { listen, routes } = asObject(server);
  const port = Number(/:(\d{1,5})$/.exec(textsOf(listen, 100)?.[0] ?? '')?.[1]);
  if (!Number.isInteger(port)) return [];
  const upstreams = asList(routes)
    .flatMap((route) => asList(asObject(route)['handle']))
    .flatMap((handler) => asList(asObject(handler)['upstreams']))
    .flatMap((one) => textsOf(asObject(one)['dial'], 300) ?? []);
  return [{ port, upstreams: upstreams.slice(0, MAX_UPSTREAMS) }];
}

/** The texts of a list, cleaned; null for anything else. */
function textsOf(list: unknown, max: number): readonly string[] | null {
  if (!Array.isArray(list)) return null;
  return list.slice(0, MAX_UPSTREAMS).flatMap((one) => (typeof one === 'string' ? [clean(one, max)] : []));
}
