import { namesSecret } from './shapes.ts';
import { vault } from './vault.ts';

/** Holds the secrets of an environment; `whose` tells it from another's in a message. */
export function holdEnvironment(env: Iterable<readonly [name: string, value: string | undefined]>, whose = ''): void {
  // The path of a key file is none.
  for (const [name, value] of env)
    if (value !== undefined && namesSecret(name) && !value.startsWith('/'))
      vault.hold(value, `the value of ${name}${whose}`);
}
