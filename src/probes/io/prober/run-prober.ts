import { setMaxListeners } from 'node:events';
import type { Assignment } from './prober-request.ts';
import { sendAll } from './send-all.ts';

/**
 * The prober: sends what its assignment lists, prints the replies as JSON, and ends the process. It writes nothing
 * else. The doctor that started it ends it with its own deadline.
 */
export async function runProber(assignment: Assignment): Promise<void> {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const replies = await sendAll(assignment, controller.signal);
  process.stdout.write(JSON.stringify(replies), () => process.exit(0));
}
