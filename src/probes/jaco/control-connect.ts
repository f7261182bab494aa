import { failed, type Result } from '../../engine/outcome.ts';
import { attempt } from '../../engine/probe.ts';
import { probe } from '../io/io.ts';
import { controlSocketPath } from './socket-path.ts';
import { unit } from './unit.ts';

/** A connect that was taken. */
export type ControlConnect = { readonly path: string; readonly ms: number };

/**
 * A bare connect of our own to the control socket. Failures: `withheld` where the dial would start the daemon, `absent`
 * no file (ENOENT), `denied` not ours to enter (EACCES), `refused` nobody behind the file (ECONNREFUSED), `silent` its
 * queue is full. Where systemd says that the daemon does not run, the failure is the unit's.
 */
export const controlConnect = probe({
  name: 'jaco.control-connect',
  after: { unit: attempt(unit), path: controlSocketPath },
  deadlineMs: 1_500,
  collect: async () => failed('unreadable', 'start', 'not written yet') as Result<ControlConnect>,
});
