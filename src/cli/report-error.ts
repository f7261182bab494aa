import { describeError } from '../engine/format.ts';
import { clean } from '../engine/text.ts';
import { redactShapes } from '../vault/redact-shapes.ts';
import { vault } from '../vault/vault.ts';
import { programName } from './invocation.ts';
import { UsageError } from './usage-error.ts';

/** Errors of oclif itself (its parser, an unknown command) carry its mark; `exit` 0 ends --help and --version. */
type Oclif = Error & { readonly oclif?: { readonly exit?: number } };

/** Says on stderr what went wrong and sets the exit code: 64 for bad input, 70 for a bug of ours. */
export function reportError(error: unknown, debug = false): void {
  const { oclif } = error as Oclif;
  if (oclif?.exit === 0) {
    process.exitCode = 0;
    return;
  }
  if (error instanceof UsageError || oclif !== undefined) {
    const [first = ''] = (error as Error).message.split('\nSee more help');
    process.stderr.write(`${programName()}: ${lines(first)}\nSee ${programName()} --help.\n`);
    process.exitCode = 64;
    return;
  }
  process.stderr.write(`${programName()}: a bug of the doctor itself: ${lines(describeError(error))}\n`);
  if (debug && error instanceof Error) process.stderr.write(`${lines(error.stack ?? '')}\n`);
  process.exitCode = 70;
}

/** A mistyped command line is quoted back, and the word in the wrong place may be the token. */
function lines(text: string): string {
  return redactShapes(vault.redact(text))
    .split('\n')
    .map((line) => clean(line, 300))
    .filter((line) => line !== '')
    .join('\n');
}
