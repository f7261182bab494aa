/**
 * Bad input. The message says what is wrong, where, and what to do instead. Exit code 64; nothing was read or changed.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
