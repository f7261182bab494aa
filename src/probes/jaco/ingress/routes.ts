import { notCollected, value } from '../../../engine/outcome.ts';
import { derive } from '../../../engine/probe.ts';
import { compareText } from '../../../engine/text.ts';
import { deployments } from '../runtime/deployments.ts';
import type { Route } from '../runtime/stored-ingress.ts';

/** The routes of JACO's state, by domain and path; `omitted` counts those beyond the limit of the probe. */
export type Routes = { readonly list: readonly Route[]; readonly omitted: number };

/** The routes of JACO's state, loaded or not. */
export const routes = derive({
  name: 'jaco.routes',
  from: { deployments },
  derive({ deployments: { routes: stored } }) {
    if (stored === undefined) return notCollected;
    const byName = (a: Route, b: Route): number => compareText(a.domain, b.domain) || compareText(a.path, b.path);
    return value<Routes>({ list: stored.list.toSorted(byName), omitted: stored.omitted });
  },
});
