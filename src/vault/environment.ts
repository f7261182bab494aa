import { vault } from './vault.ts';

/** Variables whose value is a secret by their name, whoever set them: what a process is given, it may print. */
const SECRET_NAME = /(?:TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|PRIVATE_KEY|INVITE_CODE|CREDENTIALS?)$/i;

/** Holds the secrets of an environment; `whose` tells it from another's in a message. */
export function holdEnvironment(env: Iterable<readonly [name: string, value: string | undefined]>, whose = ''): void {
  // The path of a key file is none.
  for (const [name, value] of env)
    if (value !== undefined && SECRET_NAME.test(name) && !value.startsWith('/'))
      vault.hold(value, `the value of ${name}${whose}`);
}
