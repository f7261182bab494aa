import { clean } from '../../../engine/text.ts';
import type { CertState, Route as WireRoute } from '../../../wire/jaco.ts';
import { msOf } from '../control/status-fact.ts';

/** A route in JACO's state; one for each domain and path (docs/jaco-daemon/ingress.md#route-conflicts). */
export type Route = {
  readonly domain: string;
  /** A prefix; empty for all paths that no other route of the domain matches. */
  readonly path: string;
  /** The deployment whose apply stored it last. */
  readonly deployment: string;
  readonly service: string;
  /** The container port to which the proxy connects. */
  readonly port: number;
  readonly tls: 'auto' | 'off';
};

/**
 * The stored certificate state of a domain with a `tls: auto` route. A domain without an entry has no certificate yet
 * (docs/jaco-daemon/ingress.md#certificate-state).
 */
export type CertificateState = {
  readonly domain: string;
  /**
   * `staging` if the key of the stored certificate contains that word, else `prod`. It does not prove what is served.
   */
  readonly environment: 'staging' | 'prod' | 'other';
  /** Expiry of the stored certificate in ms since the epoch; null if none is stored. */
  readonly notAfterMs: number | null;
};

/** A route as a fact: bounded and cleaned. */
export function routeFact({ domain, path, deployment, service, port, tlsAuto }: WireRoute): Route {
  return {
    domain: clean(domain, 253),
    path: clean(path),
    deployment: clean(deployment, 253),
    service: clean(service, 253),
    port,
    tls: tlsAuto ? 'auto' : 'off',
  };
}

/** A certificate state as a fact: bounded and cleaned. */
export function certificateStateFact({ domain, environment, notAfter }: CertState): CertificateState {
  return {
    domain: clean(domain, 253),
    environment: environment === 'staging' || environment === 'prod' ? environment : 'other',
    notAfterMs: msOf(notAfter),
  };
}
