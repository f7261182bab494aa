import { basename } from 'node:path';
import { childRole } from './child-roles.ts';
import type { EmbeddedCommands } from './embedded-plugin.ts';

/** The program that a call means, as `typed`, and its arguments. */
type Call = {
  readonly product: 'jaco' | 'jacqos';
  readonly invocation: readonly string[];
  readonly argv: readonly string[];
};

/** Runs the program that was called: `calledAs` is argv[0] of the process, `argv` what follows. */
export async function runSingleFile(calledAs: string, argv: readonly string[]): Promise<void> {
  const role = childRole(argv);
  if (role !== undefined) return role();
  const call = callOf(calledAs, argv);
  const [{ runBin }, { EmbeddedPlugin }, commands] = await Promise.all([
    import('../src/cli/run-bin.ts'),
    import('./embedded-plugin.ts'),
    call.product === 'jaco' ? jacoCommands() : jacqosCommands(),
  ]);
  const name = `${call.product}-doctor`;
  await runBin(
    {
      name,
      invocation: call.invocation,
      options: async (described) => {
        const plugin = new EmbeddedPlugin(described, commands);
        return { root: plugin.root, pjson: plugin.pjson, plugins: new Map([[name, plugin]]) };
      },
    },
    call.argv,
  );
}

/** The name decides, also one with a version behind it; `jacqos` as the first argument of any other name does, too. */
export function callOf(calledAs: string, argv: readonly string[]): Call {
  if (basename(calledAs).startsWith('jacqos')) return { product: 'jacqos', invocation: ['jacqos-doctor'], argv };
  if (argv[0] === 'jacqos') return { product: 'jacqos', invocation: ['jaco-doctor', 'jacqos'], argv: argv.slice(1) };
  return { product: 'jaco', invocation: ['jaco-doctor'], argv };
}

async function jacoCommands(): Promise<EmbeddedCommands> {
  const { default: manifest } = await import('../bin/jaco/oclif.manifest.json', { with: { type: 'json' } });
  return {
    manifest: manifest as never,
    load: {
      doctor: () => import('../commands/jaco/doctor/index.ts'),
      'doctor:checks': () => import('../commands/jaco/doctor/checks.ts'),
      'doctor:demo': () => import('../commands/jaco/doctor/demo.ts'),
      'doctor:explain': () => import('../commands/jaco/doctor/explain.ts'),
      'doctor:releases': () => import('../commands/jaco/doctor/releases.ts'),
    },
  };
}

async function jacqosCommands(): Promise<EmbeddedCommands> {
  const { default: manifest } = await import('../oclif.manifest.json', { with: { type: 'json' } });
  return {
    manifest: manifest as never,
    load: {
      doctor: () => import('../commands/jacqos/doctor/index.ts'),
      'doctor:checks': () => import('../commands/jacqos/doctor/checks.ts'),
      'doctor:demo': () => import('../commands/jacqos/doctor/demo.ts'),
      'doctor:explain': () => import('../commands/jacqos/doctor/explain.ts'),
    },
  };
}
