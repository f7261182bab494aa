import type { Json } from '../../../src/engine/json.ts';
import type { Result } from '../../../src/engine/outcome.ts';
import type { Probe } from '../../../src/engine/probe.ts';
import type { JacqosIo, JacqosSettings } from '../../../src/probes/jacqos/jacqos-probe.ts';

const SETTINGS: JacqosSettings = {
  appDir: '/nowhere',
  managementUrl: null,
  runtimeUrl: null,
  appId: null,
  environmentId: null,
  deep: false,
  from: null,
  skippedProbes: [],
  requestLimitMs: 2_000,
  caCert: null,
  ca: null,
};

/** Runs one probe as the engine does, with the given input. */
export function look<T extends Json>(
  probe: Probe<T>,
  {
    settings = {},
    env = {},
    facts = {},
    signal = new AbortController().signal,
  }: { settings?: Partial<JacqosSettings>; env?: JacqosIo['env']; facts?: object; signal?: AbortSignal },
): Promise<Result<T>> {
  const io = { settings: { ...SETTINGS, ...settings }, env, phase: () => {} };
  return probe.collect(io as never, facts as never, signal) as Promise<Result<T>>;
}
