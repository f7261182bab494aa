import { failed, value } from '../../../engine/outcome.ts';
import { derive } from '../../../engine/probe.ts';
import type { LoadedRoute } from './parse-proxy-config.ts';
import { proxyConfig } from './proxy-config.ts';

export type LoadedRoutes = {
  readonly routes: readonly LoadedRoute[];
  /** Routes of the proxy beyond the limit of this program. */
  readonly omitted: number;
};

/** The routes that the proxy of this node has loaded. Fails if it has loaded none. */
export const loadedRoutes = derive({
  name: 'jaco.loaded-routes',
  where: 'node',
  from: { config: proxyConfig },
  derive({ config }) {
    if (config.kind === 'loaded') return value<LoadedRoutes>({ routes: config.routes, omitted: config.omitted });
    const detail =
      config.kind === 'none'
        ? 'the proxy of this node has loaded no configuration'
        : "another program's configuration answers at the admin endpoint of the proxy";
    return failed('absent', 'load', detail, proxyConfig);
  },
});
