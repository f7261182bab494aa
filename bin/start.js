import { homedir, userInfo } from 'node:os';

/**
 * Starts a bin: `name` is what messages call it, `manifest` the folder of its manifest from the root of the package, and
 * `commands` that of its commands from there. Plain JavaScript of any Node version, so that one that is too old is told so.
 */
export async function start({ name, manifest, commands }) {
  // A container's user may have no home and no line in /etc/passwd, and oclif does not load without one, nor without a shell
  // from either. A user who has such a line keeps it, because programs that are started from here read it as well.
  try {
    homedir();
  } catch {
    process.env.HOME = '/';
  }
  try {
    process.env.SHELL ?? userInfo();
  } catch {
    process.env.SHELL = '/bin/sh';
  }
  // If all debugging is asked for, oclif would quote the command line, and the token in it.
  delete process.env.DEBUG;

  const { entry } = await import('../dist/entry.js').catch((error) => {
    // Node's own code for this is 1, which here says that a check failed.
    console.error(`${name}: cannot start under Node ${process.version}, 20.18.1 or later is needed: ${error.message}`);
    process.exit(70);
  });
  await entry({ name, manifest, commands }, process.argv.slice(2));
}
