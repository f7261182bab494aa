import type { NextStep } from '../../engine/next-step.ts';
import { failed, type Result } from '../../engine/outcome.ts';
import { clean } from '../../engine/text.ts';
import { redactSecrets } from '../../vault/redact-secrets.ts';
import { vault } from '../../vault/vault.ts';
import { isPermissionError } from './permission-error.ts';
import type { ChildResult } from './run-child.ts';

/** Characters of what a failed program printed, and lines of each stream, at most. */
const MAX_SAID = 300;
const MAX_LINES = 3;

/** The first lines of what a program printed, as one line: stripped, bounded, and without what looks like a secret. */
export function outputExcerpt(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return clean(
    redactSecrets(
      vault.redact(
        lines
          .slice(0, MAX_LINES)
          .join(' ')
          .slice(0, 4 * MAX_SAID),
      ),
    ),
    MAX_SAID,
  );
}

/**
 * The failure of a child that gave no answer: its exit code, and the start of what it printed. `name` is what is
 * printed of its command; `next` is what would help, if it is not to run the command by hand.
 */
export function childFailure(
  name: string,
  { code, stdout, stderr }: Pick<ChildResult, 'code' | 'stdout' | 'stderr'>,
  next: NextStep,
): Extract<Result, { kind: 'failed' }> {
  const printed = outputExcerpt(stderr) || outputExcerpt(stdout) || 'it printed nothing';
  const ended = code === null ? 'it was ended by a signal' : `exit ${code}`;
  const why = isPermissionError(stderr) ? 'denied' : 'unreadable';
  return failed(why, name, `${name}: ${ended}: ${printed}`, null, why === 'denied' ? undefined : next);
}
