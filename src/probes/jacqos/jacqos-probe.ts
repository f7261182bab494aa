import { notApplicable } from '../../engine/outcome.ts';
import { probeFactory } from '../../engine/probe.ts';
import type { Reading } from './reader/read-output.ts';

/** The facts from the input of `--from`. The text itself is not kept. */
export type ReportedOutput = Reading & {
  /** Bytes read; `cut` if there were more. */
  readonly bytes: number;
  readonly cut: boolean;
};

/** The options that probes need. Null means "not given". It holds no secret. */
export type JacqosSettings = {
  /** Absolute path of the app's folder. */
  readonly appDir: string;
  readonly managementUrl: string | null;
  readonly runtimeUrl: string | null;
  readonly appId: string | null;
  readonly environmentId: string | null;
  /** Whether to ask the runtime, with the token. */
  readonly deep: boolean;
  readonly from: ReportedOutput | null;
  /** Names of probes that cannot confirm or refute the output given with `--from`. */
  readonly skippedProbes: readonly string[];
  /** Time for each command and request, in ms: less than that of the run, so that partial results are reported. */
  readonly requestLimitMs: number;
  /** PEM of `--ca-cert`: CAs that are trusted in addition to those of Node. */
  readonly caCert: string | null;
  /** PEM of the only trusted CAs, for the stand-in; null otherwise. */
  readonly ca: string | null;
};

/** The input of a JacqOS probe. The environment contains secrets and is never a fact. */
export type JacqosIo = {
  readonly settings: JacqosSettings;
  readonly env: { readonly [name: string]: string | undefined };
};

/** Time for one web request, in ms: no proxy or cold start is slower, and a probe of 6 s can still report the phase. */
const WEB_LIMIT_MS = 5_000;

export function webLimitMs({ requestLimitMs: patienceMs }: JacqosSettings): number {
  return Math.min(patienceMs, WEB_LIMIT_MS);
}

const declare = probeFactory<JacqosIo>();

/** Declares a JacqOS probe, which does not run if `skippedProbes` has its name. */
export const probe: typeof declare = (definition) =>
  declare({
    ...definition,
    collect: async (io, facts, signal) =>
      io.settings.skippedProbes.includes(definition.name)
        ? notApplicable('it does not concern what the failed command reported')
        : definition.collect(io, facts, signal),
  });
