import { Config, type Interfaces, run, settings } from '@oclif/core';
import pjson from '../../package.json' with { type: 'json' };
import { guardedExitCode, guardOutput } from '../vault/output-guard.ts';
import { setInvocation } from './invocation.ts';
import { protectArgv } from './protect-argv.ts';

/** One of the two programs. */
export type Bin = {
  /** Its name, the prefix of its messages. */
  readonly name: string;
  /** The words with which the user called it: the name, or the words of another program. */
  readonly invocation: readonly string[];
  /** Returns where oclif finds its commands, from package.json with the names of this bin. */
  readonly options: (described: PackageManifest) => Promise<Interfaces.Options>;
};

export type PackageManifest = typeof pjson;

const COMMANDS: readonly string[] = ['checks', 'demo', 'explain'];
const VERSION: readonly string[] = ['--version', '-v', '-V', 'version'];
const HELP: readonly string[] = ['--help', '-h'];

/**
 * Runs a bin. All its commands are `doctor` commands, so that the package also works as an oclif plugin. When the
 * command has set `process.exitCode`, the process is ended, even if something is still open.
 */
export async function runBin(bin: Bin, argv: readonly string[]): Promise<never> {
  setInvocation(bin.invocation);
  protectArgv(bin.name, argv, process.env);
  guardOutput();
  process.on('uncaughtException', reportUncaughtError);
  // With NODE_ENV=test, oclif would look for TypeScript sources and register a loader.
  settings.enableAutoTranspile = false;
  try {
    await runCommand(bin, commandLine(argv));
  } catch (error) {
    const { reportError: fail } = await import('./report-error.ts');
    await fail(error, { argv, flags: [] });
  }
  // A failed write is reported in the next turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  const code = Number(process.exitCode ?? 0);
  // The cause may be a file that never answers. Then a normal exit hangs too.
  if (code !== 0) await (await import('./exit-process.ts')).exitProcess(code);
  process.exit(guardedExitCode(code));
}

/** The words for oclif, from the typed ones. */
function commandLine(argv: readonly string[]): readonly string[] {
  const [first = '', ...rest] = argv;
  if (rest.length === 0 && VERSION.includes(first)) return ['--version'];
  return ['doctor', ...(first === 'help' ? helpArguments(rest) : argv)];
}

/** `help` and `help COMMAND` are what people type first. Help for any other word is the output of `explain` for it. */
function helpArguments(words: readonly string[]): readonly string[] {
  return words.every((word) => COMMANDS.includes(word)) ? [...words, '--help'] : ['explain', ...words];
}

async function runCommand(bin: Bin, args: readonly string[]): Promise<void> {
  const names = { bin: bin.invocation.join(' '), dirname: bin.name, additionalHelpFlags: [...HELP] };
  const described = { ...pjson, name: bin.name, oclif: { ...pjson.oclif, ...names } };
  // Plugins in a home directory are not loaded, because this program often runs as root.
  const options = { isRoot: true, userPlugins: false, devPlugins: false, ...(await bin.options(described)) };
  const end = args.indexOf('--');
  if (!args.slice(0, end === -1 ? args.length : end).some((word) => HELP.includes(word))) {
    await run([...args], options);
    return;
  }
  // oclif would load a help class by the path of its file, and a single executable has no files.
  const { BinHelp } = await import('./bin-help.ts');
  await new BinHelp(await Config.load(options)).showHelp([...args]);
}

/** Node itself would print the error with its stack, without our filters. While probes run, their guard handles it. */
async function reportUncaughtError(error: unknown): Promise<void> {
  if (process.listenerCount('uncaughtException') > 1) return;
  const { reportError: fail } = await import('./report-error.ts');
  await fail(error);
  process.exit(guardedExitCode(70));
}
