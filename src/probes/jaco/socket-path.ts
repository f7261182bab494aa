import { failed, type Result } from '../../engine/outcome.ts';
import { attempt } from '../../engine/probe.ts';
import { probe } from '../io/io.ts';
import { jacodConfig } from './config.ts';
import { unit } from './unit.ts';

/** Where the control socket is. */
export type SocketPath = {
  readonly path: string;
  readonly from: 'given' | 'unit' | 'config' | 'default';
  /** Whether a dial of it would start a stopped daemon: jaco.socket listens there. */
  readonly activates: boolean;
  /** What unix_socket of jacod.yaml says when systemd serves another path: the daemon's log then names the wrong one. */
  readonly label: string | null;
};

/** The control socket's path. Not applicable where the user said that there is none. */
export const controlSocketPath = probe({
  name: 'jaco.socket-path',
  after: { unit: attempt(unit), config: attempt(jacodConfig) },
  deadlineMs: 500,
  collect: async () => failed('unreadable', 'start', 'not written yet') as Result<SocketPath>,
});
