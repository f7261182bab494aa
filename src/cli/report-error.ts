import { describeError } from '../engine/format.ts';
import { clean } from '../engine/text.ts';
import { guardedExitCode } from '../vault/output-guard.ts';
import { redactSecrets } from '../vault/redact-secrets.ts';
import { vault } from '../vault/vault.ts';
import { programName } from './invocation.ts';
import { writeStdout } from './stdout.ts';
import { UsageError } from './usage-error.ts';

/**
 * oclif marks its own errors (of its parser, or for an unknown command) with this field; `exit` 0 ends --help and
 * --version.
 */
type Oclif = Error & { readonly oclif?: { readonly exit?: number }; readonly flags?: unknown };

/** The typed words, and the flags of the command that they belong to. */
type Typed = { readonly argv: readonly string[]; readonly flags: readonly string[] };

/**
 * Prints the error on stderr and sets the exit code: 64 for bad input, 70 for a bug of the doctor. If JSON was asked
 * for, the error is also the one document on stdout: `doctor-error/1`.
 */
export async function reportError(error: unknown, { argv, flags }: Typed = { argv: [], flags: [] }): Promise<void> {
  const { oclif } = error as Oclif;
  if (oclif?.exit === 0) {
    process.exitCode = 0;
    return;
  }
  // The guard of stdout has already reported a failed write.
  if (guardedExitCode(0) === 70) {
    process.exitCode = 70;
    return;
  }
  const isUsage = error instanceof UsageError || oclif !== undefined;
  const message = lines(isUsage ? await usageMessage(error as Oclif, flags) : describeError(error));
  process.stderr.write(
    isUsage
      ? `${programName()}: ${message}\nSee ${programName()} --help.\n`
      : `${programName()}: a bug of the doctor itself: ${message}\n`,
  );
  if (!isUsage && argv.includes('--debug') && error instanceof Error)
    process.stderr.write(`${lines(error.stack ?? '')}\n`);
  process.exitCode = isUsage ? 64 : 70;
  if (!asksForJson(argv)) return;
  const document = {
    schema: 'doctor-error/1',
    error: { kind: isUsage ? 'usage' : 'internal', message },
    exit: { code: process.exitCode },
  };
  await writeStdout(`${JSON.stringify(document, null, 2)}\n`, 2_000);
}

/** What is wrong with the command line. For an unknown flag, the nearest known one is suggested. */
async function usageMessage({ message, flags: unknown }: Oclif, flags: readonly string[]): Promise<string> {
  const [first = ''] = message.split('\nSee more help');
  if (!Array.isArray(unknown) || flags.length === 0) return first;
  const { nearestNames } = await import('../catalog/nearest-names.ts');
  const meant = (unknown as string[]).flatMap((word) => {
    const name = word.replace(/^-+/, '');
    if (INSTEAD.has(name)) return '--format json';
    return nearestNames(name, flags)
      .slice(0, 1)
      .map((near) => `--${near}`);
  });
  return meant.length === 0 ? first : `${first}; did you mean ${meant.join(' ')}?`;
}

/** Names that other programs use for the format flag. */
const INSTEAD: ReadonlySet<string> = new Set(['json', 'output', 'o']);

function asksForJson(argv: readonly string[]): boolean {
  return argv.some((word, index) => word === '--format=json' || (word === '--format' && argv[index + 1] === 'json'));
}

/** The error quotes a mistyped command line, and a word in the wrong position may be the token. */
function lines(text: string): string {
  return redactSecrets(vault.redact(text))
    .split('\n')
    .map((line) => clean(line, 300))
    .filter((line) => line !== '')
    .join('\n');
}
