import { type Result, value } from '../../engine/outcome.ts';
import { environment } from './environment.ts';
import { askHealth, type Health } from './health.ts';
import { probe } from './io.ts';

/** The runtime cell's health address (ONB). */
export const runtimeHealth = probe({
  name: 'jacqos.runtime-health',
  after: { environment },
  deadlineMs: 6_000,
  collect: async (io, { environment: { runtime } }, signal): Promise<Result<Health>> =>
    value(await askHealth(runtime, '/healthz', io, signal)),
});
