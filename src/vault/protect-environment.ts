import { isSecretName } from './redact-secrets.ts';
import { vault } from './vault.ts';

/** Adds the secrets of an environment to the vault; `originSuffix` names that environment in a message. */
export function protectEnvironment(
  env: Iterable<readonly [name: string, value: string | undefined]>,
  originSuffix = '',
): void {
  // The path of a key file is not a secret.
  for (const [name, value] of env)
    if (value !== undefined && isSecretName(name) && !value.startsWith('/'))
      vault.add(value, `the value of ${name}${originSuffix}`);
}
