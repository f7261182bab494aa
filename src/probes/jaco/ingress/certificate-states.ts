import { notCollected, value } from '../../../engine/outcome.ts';
import { derive } from '../../../engine/probe.ts';
import { compareText } from '../../../engine/text.ts';
import { deployments } from '../runtime/deployments.ts';
import type { CertificateState } from '../runtime/stored-ingress.ts';

/** The certificates in JACO's state, by domain; `omitted` counts those beyond the limit of the probe. */
export type CertificateStates = { readonly list: readonly CertificateState[]; readonly omitted: number };

/** The certificates in JACO's state. They do not prove what a node serves. */
export const certificateStates = derive({
  name: 'jaco.certificate-states',
  from: { deployments },
  derive({ deployments: { certificates: stored } }) {
    if (stored === undefined) return notCollected;
    const byDomain = (a: CertificateState, b: CertificateState): number => compareText(a.domain, b.domain);
    return value<CertificateStates>({ list: stored.list.toSorted(byDomain), omitted: stored.omitted });
  },
});
