import { basename } from 'node:path';

/** How this program was called; null where it was not, as in a test. One for the whole process, like its argv. */
const called: { words: readonly string[] | null } = { words: null };

/** Says what the user typed before the flags: a bin, or a host's own words for it (`jacqos doctor`). */
export function setInvocation(words: readonly string[]): void {
  called.words = words;
}

/** Whether that was said already. */
export function hasInvocation(): boolean {
  return called.words !== null;
}

/** What printed commands begin with: what the user typed, else the product's own bin. */
export function invocationOf({ bin }: { readonly bin: string }): readonly string[] {
  return called.words ?? [bin];
}

/** What the program's own messages begin with. */
export function programName(): string {
  return called.words?.join(' ') ?? 'doctor';
}

/**
 * What was typed for a bin: `jacqos doctor` where a shell has started `jacqos` and that handed the word on, as git does, for
 * shells name in `_` what they start; the bin itself everywhere else.
 */
export function invocationFor(bin: string, env: { readonly [name: string]: string | undefined }): readonly string[] {
  const words = bin.split('-');
  return basename(env['_'] ?? '') === words[0] ? words : [bin];
}
