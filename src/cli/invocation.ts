import { basename } from 'node:path';

/**
 * The words with which the user called this program; null if unknown, as in a test. One for the whole process, like its
 * argv.
 */
const called: { words: readonly string[] | null } = { words: null };

/** Sets what the user typed before the flags: a bin, or another program's words for it (`jacqos doctor`). */
export function setInvocation(words: readonly string[]): void {
  called.words = words;
}

/** Whether {@link setInvocation} was called. */
export function hasInvocation(): boolean {
  return called.words !== null;
}

/** The first words of printed commands: what the user typed, or else the product's own bin. */
export function invocationOf({ bin }: { readonly bin: string }): readonly string[] {
  return called.words ?? [bin];
}

/** The prefix of the program's own messages. */
export function programName(): string {
  return called.words?.join(' ') ?? 'doctor';
}

/**
 * What the user typed to start a bin. It is `jacqos doctor` if a shell started `jacqos` and that passed the word on, as
 * git does: shells put the program that they start into `_`. In every other case it is the bin.
 */
export function invocationFor(bin: string, env: { readonly [name: string]: string | undefined }): readonly string[] {
  const words = bin.split('-');
  return basename(env['_'] ?? '') === words[0] ? words : [bin];
}
