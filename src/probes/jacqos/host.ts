import { hostname } from 'node:os';
import { value } from '../../engine/outcome.ts';
import { probe } from './io.ts';

/** What this host is called, for the head of the report. */
export const host = probe({
  name: 'jacqos.host',
  deadlineMs: 500,
  collect: async () => value({ name: hostname() }),
});
