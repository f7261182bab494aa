import { hostname } from 'node:os';
import { value } from '../../engine/outcome.ts';
import { probe } from './jacqos-probe.ts';

/** The name of this host, for the header of the report. */
export const hostName = probe({
  name: 'jacqos.host',
  deadlineMs: 500,
  collect: async () => value({ name: hostname() }),
});
