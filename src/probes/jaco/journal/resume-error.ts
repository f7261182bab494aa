/** Why the daemon could not resume its raft state, from the error that it logs. */
export type ResumeError =
  /** The address is null if the text does not name it. */
  | { readonly kind: 'port-in-use'; readonly address: string | null }
  | {
      readonly kind:
        | 'address-gone'
        | 'permission-denied'
        | 'read-only'
        | 'no-space'
        | 'lock-held'
        | 'damaged-log'
        | 'no-hostname'
        | 'other';
    };

const PATTERNS: readonly (readonly [RegExp, Exclude<ResumeError['kind'], 'port-in-use'>])[] = [
  [/cannot assign requested address/, 'address-gone'],
  [/permission denied/, 'permission-denied'],
  [/read-only file system/, 'read-only'],
  [/no space left/, 'no-space'],
  [/timeout|resource temporarily unavailable/, 'lock-held'],
  [/invalid database|checksum|version mismatch|file size too small/, 'damaged-log'],
  [/hostname/, 'no-hostname'],
];

/** Classifies the error text of a failed resume. */
export function resumeError(text: string): ResumeError {
  if (text.includes('address already in use'))
    return { kind: 'port-in-use', address: /listen tcp (\S+): bind: address already in use/.exec(text)?.[1] ?? null };
  return { kind: PATTERNS.find(([pattern]) => pattern.test(text))?.[1] ?? 'other' };
}
