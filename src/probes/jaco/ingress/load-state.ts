import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { jacodProcess } from '../daemon/jacod-process.ts';
import { deployments } from '../runtime/deployments.ts';
import { DAEMON_START_MS, INGRESS_RELOAD_MS } from '../timing.ts';
import { pathPattern } from './parse-proxy-config.ts';
import { proxyConfig } from './proxy-config.ts';
import { routes } from './routes.ts';

/** The stored routes, compared with those in the proxy of this node. */
export type LoadState = {
  /** Whether a difference is normal, because the daemon or the last apply is seconds old. */
  readonly young: boolean;
  /** Routes that are stored. */
  readonly stored: number;
} & (
  | { readonly kind: 'none' | 'foreign' }
  | {
      readonly kind: 'loaded';
      /** Stored routes that are not loaded, as domain and path. */
      readonly missing: readonly string[];
      /** Loaded routes that are not stored any more. */
      readonly old: readonly string[];
    }
);

/** Compares the routes that the proxy of this node has loaded with those of JACO's state. */
export const loadState = derive({
  name: 'jaco.load-state',
  where: 'node',
  from: { routes, deployments, config: proxyConfig, process: attempt(jacodProcess) },
  derive({ routes: { list }, deployments, config, process }, now) {
    const startedAtMs = factOf(process)?.main?.startedAtMs ?? null;
    const lastApplyMs = Math.max(0, ...deployments.list.map(({ updatedAtMs }) => updatedAtMs ?? 0));
    const young =
      now - lastApplyMs < INGRESS_RELOAD_MS || (startedAtMs !== null && now - startedAtMs < DAEMON_START_MS);
    const common = { young, stored: list.length };
    if (config.kind !== 'loaded') return value<LoadState>({ ...common, kind: config.kind });
    const loaded = new Set(config.routes.map(({ domain, pattern }) => `${domain} ${pattern}`));
    const stored = new Set(list.map(({ domain, path }) => `${domain} ${pathPattern(path)}`));
    return value<LoadState>({
      ...common,
      kind: 'loaded',
      missing: list
        .filter(({ domain, path }) => !loaded.has(`${domain} ${pathPattern(path)}`))
        .map(({ domain, path }) => `${domain}${path}`),
      old: config.routes
        .filter(({ domain, pattern }) => !stored.has(`${domain} ${pattern}`))
        .map(({ domain, pattern }) => `${domain}${pattern}`),
    });
  },
});
