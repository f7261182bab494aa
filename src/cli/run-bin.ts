import { Config, type Interfaces, run, settings } from '@oclif/core';
import pjson from '../../package.json' with { type: 'json' };
import { guardedExitCode, guardOutput } from '../vault/output-guard.ts';
import { setInvocation } from './invocation.ts';
import { protectArgv } from './protect-argv.ts';

/** One of the two programs. */
export type Bin = {
  /** Its name, which messages begin with. */
  readonly name: string;
  /** What the user typed for it: the name, or the words of a host. */
  readonly invocation: readonly string[];
  /** Where oclif finds its commands; it gets what package.json says, with the names of this bin. */
  readonly options: (described: Described) => Promise<Interfaces.Options>;
};

export type Described = typeof pjson;

const COMMANDS: readonly string[] = ['checks', 'demo', 'explain'];
const VERSION: readonly string[] = ['--version', '-v', '-V', 'version'];
const HELP: readonly string[] = ['--help', '-h'];

/**
 * Runs a bin: everything it can do is a `doctor` command, so that the package also works as an oclif plugin. Resolves when
 * the command has set `process.exitCode`; the process is then ended whatever is still open.
 */
export async function runBin(bin: Bin, argv: readonly string[]): Promise<never> {
  setInvocation(bin.invocation);
  protectArgv(bin.name, argv, process.env);
  guardOutput();
  process.on('uncaughtException', reportUncaughtError);
  // oclif would look for TypeScript sources and register a loader under NODE_ENV=test.
  settings.enableAutoTranspile = false;
  try {
    await runCommand(bin, commandLine(argv));
  } catch (error) {
    const { reportError: fail } = await import('./report-error.ts');
    await fail(error, { argv, flags: [] });
  }
  // What was written last fails in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  const code = Number(process.exitCode ?? 0);
  // What went wrong may be a file that never answers, and then not even leaving works.
  if (code !== 0) await (await import('./exit-process.ts')).exitProcess(code);
  process.exit(guardedExitCode(code));
}

/** What oclif gets for what was typed. */
function commandLine(argv: readonly string[]): readonly string[] {
  const [first = '', ...rest] = argv;
  if (rest.length === 0 && VERSION.includes(first)) return ['--version'];
  return ['doctor', ...(first === 'help' ? helpArguments(rest) : argv)];
}

/** `help` and `help COMMAND` are what people type first; help for any other word is what `explain` says of it. */
function helpArguments(words: readonly string[]): readonly string[] {
  return words.every((word) => COMMANDS.includes(word)) ? [...words, '--help'] : ['explain', ...words];
}

async function runCommand(bin: Bin, args: readonly string[]): Promise<void> {
  const names = { bin: bin.invocation.join(' '), dirname: bin.name, additionalHelpFlags: [...HELP] };
  const described = { ...pjson, name: bin.name, oclif: { ...pjson.oclif, ...names } };
  // Plugins in a home directory are not loaded: this program often runs as root.
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

/** Node itself would print the error with its stack past every filter. While probes run, their guard takes it. */
async function reportUncaughtError(error: unknown): Promise<void> {
  if (process.listenerCount('uncaughtException') > 1) return;
  const { reportError: fail } = await import('./report-error.ts');
  await fail(error);
  process.exit(guardedExitCode(70));
}
