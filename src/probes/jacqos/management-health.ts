import { failed, type Result, value } from '../../engine/outcome.ts';
import { environment } from './environment.ts';
import { type Health, requestHealth } from './health.ts';
import { probe } from './jacqos-probe.ts';

/** The health of each possible management plane, from its health address (ONB). */
export const managementHealth = probe({
  name: 'jacqos.management-health',
  after: { environment },
  deadlineMs: 6_000,
  async collect(io, { environment: { management } }, signal): Promise<Result<{ readonly planes: readonly Health[] }>> {
    if (management.length === 0)
      return failed('withheld', 'address', 'no usable address of the management plane is configured', environment);
    const planes = await Promise.all(management.map((named) => requestHealth(named, '/api/v0/health', io, signal)));
    return value({ planes });
  },
});
