import { setMaxListeners } from 'node:events';
import type { Assignment } from './ask.ts';
import { askAll } from './ask-all.ts';

/**
 * The prober: a small program of its own that the doctor starts inside a container's network namespace, or as another user.
 * It is read from standard input by Node, with its assignment before it, so that it needs no file and no argument there. It
 * sends what the assignment says, prints the replies as JSON, and writes nothing else anywhere. The doctor that started it ends
 * it with its own time.
 */
const { assignment } = globalThis as unknown as { readonly assignment: Assignment };
const controller = new AbortController();
setMaxListeners(0, controller.signal);
const replies = await askAll(assignment, controller.signal);
process.stdout.write(JSON.stringify(replies), () => process.exit(0));
