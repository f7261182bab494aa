import { probesOver } from '../../engine/probe.ts';

/**
 * What the user asked for, as far as probes need it. No secret is in here: it is recorded.
 * Null is "not given": the probe then finds the value on the host.
 */
export type Settings = {
  /** Path of the control socket; an empty string says that there is none (contract 1.4). */
  readonly socket: string | null;
  /** Path of jacod.yaml. */
  readonly config: string | null;
  /** Path of the cluster CA for verified dials. */
  readonly caCert: string | null;
  /** How far back the journal is read, in ms. */
  readonly sinceMs: number;
};

/** What a probe is given to reach the world with; the transports themselves are the modules beside this one. */
export type Io = { readonly settings: Settings };

/** Declares a probe of this program. */
export const probe = probesOver<Io>();
