import { protectEnvironment } from '../vault/protect-environment.ts';
import { vault } from '../vault/vault.ts';

/**
 * Registers the secrets of the command line and the environment before any code can quote them, and removes a token
 * from what `ps` shows of this process.
 */
export function protectArgv(
  bin: string,
  argv: readonly string[],
  env: { readonly [name: string]: string | undefined },
): void {
  // The path of a key file is not a secret.
  protectEnvironment(Object.entries(env));
  const tokens = argv.flatMap((word, index) => {
    if (word.startsWith('--token=')) return [word.slice('--token='.length)];
    return word === '--token' && argv[index + 1] !== undefined ? [argv[index + 1] as string] : [];
  });
  for (const token of tokens) vault.add(token, 'the operator token');
  if (tokens.length > 0) process.title = bin;
}
