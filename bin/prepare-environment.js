const { homedir, userInfo } = require('node:os');

/** Sets what oclif needs of the environment and does not find everywhere. To be called before oclif is loaded. */
module.exports = function prepareEnvironment() {
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
};
