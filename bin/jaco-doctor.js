#!/usr/bin/env node
import { homedir, userInfo } from 'node:os';

// A container's user may have no home and no line in /etc/passwd, and oclif does not load without one, nor without a shell
// from either. Whoever has such a line keeps it, for what is started here looks there as well.
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

// Where all debugging is asked for, oclif would quote the command line, and the token in it.
delete process.env.DEBUG;

const { entry } = await import('../dist/entry.js').catch((error) => {
  // Node's own code for this is 1, which here says that a check failed.
  console.error(
    `jaco-doctor: cannot start under Node ${process.version}, 20.18.1 or later is needed: ${error.message}`,
  );
  process.exit(70);
});
await entry(
  { name: 'jaco-doctor', manifest: 'bin/jaco/', commands: '../../dist/commands/jaco' },
  process.argv.slice(2),
);
