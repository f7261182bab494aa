import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { AS_PORT_HOLDER, HOLDER } from '../src/demo/jaco/held-port.ts';
import { AS_PROBER } from '../src/probes/io/prober/prober-command.ts';

/**
 * The tasks for which the single executable starts itself, by its only argument: the host may have no Node to start.
 */
const ROLES: { readonly [word: string]: () => Promise<void> } = {
  [AS_PROBER]: async () => {
    const assignment = JSON.parse(await text(process.stdin));
    const { runProber } = await import('../src/probes/io/prober/run-prober.ts');
    await runProber(assignment);
  },
  [AS_PORT_HOLDER]: async () => {
    new Function('require', HOLDER)(createRequire(process.execPath));
  },
};

/** The role that this process was started for; undefined if a user started it. */
export function childRole(argv: readonly string[]): (() => Promise<void>) | undefined {
  const [word = ''] = argv;
  return argv.length === 1 && Object.hasOwn(ROLES, word) ? ROLES[word] : undefined;
}
