import type { Assignment } from './prober-request.ts';
import { runProber } from './run-prober.ts';

// A separate program that the doctor starts inside a container's network namespace, or as another user. Node reads it
// from standard input, with its assignment before it, so that it needs no file and no argument there.
const { assignment } = globalThis as unknown as { readonly assignment: Assignment };
await runProber(assignment);
