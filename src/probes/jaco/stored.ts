import type { Endpoint } from '../io/grpc.ts';
import { knownLeader } from './known-leader.ts';
import { controlSocketPath, type SocketPath } from './socket-path.ts';

/**
 * What a probe of stored state waits for: a leader that this node knows, without which what is stored may be old or empty
 * (live C1.1), and where the daemon is asked.
 */
export const STORED = { leader: knownLeader, control: controlSocketPath } as const;

/** Where the daemon is asked for what it has stored. */
export function endpointOf({ control }: { readonly control: SocketPath }): Endpoint {
  return { kind: 'unix', path: control.path };
}

/** Time for one answer, in ms: a warm daemon takes 14, and 10,000 replicas are 4 MB. */
export const STORED_LIMIT_MS = 3_000;
