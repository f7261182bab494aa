/** Bad input: says what is wrong, where, and what to do instead. Exit 64; nothing has been touched. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
