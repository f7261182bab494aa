import { type Result, value } from '../../engine/outcome.ts';
import { environment } from './environment.ts';
import { type Health, requestHealth } from './health.ts';
import { probe } from './jacqos-probe.ts';

/** The health of the runtime cell, from its health address (ONB). */
export const runtimeHealth = probe({
  name: 'jacqos.runtime-health',
  after: { environment },
  deadlineMs: 6_000,
  collect: async (io, { environment: { runtime } }, signal): Promise<Result<Health>> =>
    value(await requestHealth(runtime, '/healthz', io, signal)),
});
