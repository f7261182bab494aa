import { notApplicable } from '../../engine/outcome.ts';
import { probesOver } from '../../engine/probe.ts';
import type { Reading } from './reader/read.ts';

/** The output of a failed command, read already; the text itself is not kept. */
export type FromText = Reading & {
  /** Bytes read; `cut` where there were more. */
  readonly bytes: number;
  readonly cut: boolean;
};

/** What the user asked for, as far as probes need it. Null is "not given". No secret is in here. */
export type JacqosSettings = {
  /** Absolute path of the app's folder. */
  readonly appDir: string;
  readonly managementUrl: string | null;
  readonly runtimeUrl: string | null;
  readonly appId: string | null;
  readonly environmentId: string | null;
  /** Whether the runtime itself is asked, with the token. */
  readonly deep: boolean;
  readonly from: FromText | null;
  /** Names of probes that are not needed to confirm or refute what `--from` was given. */
  readonly leftOut: readonly string[];
  /** Time for each command and request, in ms, at most: less than the run's, so that what came until then is still told. */
  readonly patienceMs: number;
  /** PEM of the only CAs that are trusted, for the stand-in; null for those that Node trusts. */
  readonly ca: string | null;
};

/** What a probe of JacqOS is given to reach the world with. The environment holds secrets and is never a fact. */
export type JacqosIo = {
  readonly settings: JacqosSettings;
  readonly env: { readonly [name: string]: string | undefined };
};

/** For one web request, in ms, at most: no proxy or cold start is slower, and a probe of 6 s still tells what it met. */
const WEB_LIMIT_MS = 5_000;

export function webLimitMs({ patienceMs }: JacqosSettings): number {
  return Math.min(patienceMs, WEB_LIMIT_MS);
}

const declare = probesOver<JacqosIo>();

/** Declares a probe of JacqOS: one that does not look where that is not asked for. */
export const probe: typeof declare = (definition) =>
  declare({
    ...definition,
    collect: async (io, facts, signal) =>
      io.settings.leftOut.includes(definition.name)
        ? notApplicable('it does not bear on what the failed command reported')
        : definition.collect(io, facts, signal),
  });
