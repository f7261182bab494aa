import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, settings } from '@oclif/core';
import pjson from '../package.json' with { type: 'json' };
import { invocationFor, setInvocation } from './cli/invocation.ts';
import { protectArgv } from './cli/protect-argv.ts';
import { guardedExitCode, guardOutput } from './vault/output-guard.ts';

/** A bin: its name, the folder of its manifest from the package's root, and that of its commands. */
export type Bin = { readonly name: string; readonly manifest: string; readonly commands: string };

const COMMANDS: readonly string[] = ['checks', 'demo', 'explain'];
const VERSION: readonly string[] = ['--version', '-v', '-V', 'version'];

/**
 * Runs a bin: everything it can do is a `doctor` command, so that the package also works as an oclif plugin. Resolves when
 * the command has set `process.exitCode`; the process is then ended whatever is still open.
 */
export async function entry({ name: bin, manifest, commands }: Bin, argv: readonly string[]): Promise<void> {
  const typed = invocationFor(bin, process.env);
  setInvocation(typed);
  protectArgv(bin, argv, process.env);
  guardOutput();
  process.on('uncaughtException', reportUncaughtError);
  // oclif would look for TypeScript sources and register a loader under NODE_ENV=test.
  settings.enableAutoTranspile = false;
  const [first = '', ...rest] = argv;
  const isVersion = rest.length === 0 && VERSION.includes(first);
  const args = isVersion ? ['--version'] : ['doctor', ...(first === 'help' ? helpArguments(rest) : argv)];
  const root = fileURLToPath(new URL(`../${manifest}`, import.meta.url));
  const oclif = {
    ...pjson.oclif,
    bin: typed.join(' '),
    dirname: bin,
    commands: { ...pjson.oclif.commands, target: commands },
    additionalHelpFlags: ['-h'],
    helpClass: relative(root, fileURLToPath(new URL('./bin-help.js', import.meta.url))),
  };
  try {
    // Plugins in a home directory are not loaded: this program often runs as root.
    const loadOptions = {
      root,
      isRoot: true,
      userPlugins: false,
      devPlugins: false,
      pjson: { ...pjson, name: bin, oclif } as never,
    };
    await run(args, loadOptions);
  } catch (error) {
    const { reportError: fail } = await import('./cli/report-error.ts');
    await fail(error, { argv, flags: [] });
  }
  // What was written last fails in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  const code = Number(process.exitCode ?? 0);
  // What went wrong may be a file that never answers, and then not even leaving works.
  if (code !== 0) await (await import('./cli/exit-process.ts')).exitProcess(code);
  process.exit(guardedExitCode(code));
}

/** `help` and `help COMMAND` are what people type first; help for any other word is what `explain` says of it. */
function helpArguments(words: readonly string[]): readonly string[] {
  return words.every((word) => COMMANDS.includes(word)) ? [...words, '--help'] : ['explain', ...words];
}

/** Node itself would print the error with its stack past every filter. While probes run, their guard takes it. */
async function reportUncaughtError(error: unknown): Promise<void> {
  if (process.listenerCount('uncaughtException') > 1) return;
  const { reportError: fail } = await import('./cli/report-error.ts');
  await fail(error);
  process.exit(guardedExitCode(70));
}
