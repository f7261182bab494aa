import { notApplicable, value } from '../../../engine/outcome.ts';
import { derive } from '../../../engine/probe.ts';
import { compareText } from '../../../engine/text.ts';
import { deployments } from '../runtime/deployments.ts';
import type { CertificateState } from '../runtime/stored-ingress.ts';
import { certificateStates } from './certificate-states.ts';
import { routes } from './routes.ts';

/** A domain for which JACO orders certificates. */
export type AutomaticDomain = {
  readonly domain: string;
  readonly deployment: string;
  /** When the deployment was last applied, in ms since the epoch; null if unknown. The route may be older. */
  readonly appliedAtMs: number | null;
  /** Its certificate in JACO's state; null if none was ever issued. */
  readonly state: CertificateState | null;
};

export type AutomaticDomains = {
  readonly list: readonly AutomaticDomain[];
  /** Domains or states beyond the limit of Deploy.Status, which are unknown. */
  readonly omitted: number;
};

/** The domains with a `tls: auto` route, each once (docs/jaco-daemon/ingress.md#certificate-state). */
export const automaticDomains = derive({
  name: 'jaco.automatic-domains',
  from: { routes, states: certificateStates, deployments },
  derive({ routes, states, deployments }) {
    const applied = new Map(deployments.list.map(({ name, updatedAtMs }) => [name, updatedAtMs]));
    const stored = new Map(states.list.map((state) => [state.domain, state]));
    const byDomain = new Map<string, AutomaticDomain>();
    for (const { domain, deployment, tls } of routes.list)
      if (tls === 'auto' && !byDomain.has(domain))
        byDomain.set(domain, {
          domain,
          deployment,
          appliedAtMs: applied.get(deployment) ?? null,
          state: stored.get(domain) ?? null,
        });
    if (byDomain.size === 0) return notApplicable('no route has tls: auto, so no certificate is needed');
    const list = [...byDomain.values()].sort((a, b) => compareText(a.domain, b.domain));
    return value<AutomaticDomains>({ list, omitted: routes.omitted });
  },
});
