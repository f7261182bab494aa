import { holdEnvironment } from '../vault/hold-environment.ts';
import { vault } from '../vault/vault.ts';

/**
 * Holds what the command line and the environment give away before anything can quote it, and takes a token out of what
 * `ps` shows of this process.
 */
export function protectArgv(
  bin: string,
  argv: readonly string[],
  env: { readonly [name: string]: string | undefined },
): void {
  // The path of a key file is none.
  holdEnvironment(Object.entries(env));
  const tokens = argv.flatMap((word, index) => {
    if (word.startsWith('--token=')) return [word.slice('--token='.length)];
    return word === '--token' && argv[index + 1] !== undefined ? [argv[index + 1] as string] : [];
  });
  for (const token of tokens) vault.hold(token, 'the operator token');
  if (tokens.length > 0) process.title = bin;
}
