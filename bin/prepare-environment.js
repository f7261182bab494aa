const { homedir, userInfo } = require('node:os');

/** Sets what oclif needs in the environment and does not find on every host. Call it before oclif is loaded. */
module.exports = function prepareEnvironment() {
  // A container's user may have no home and no line in /etc/passwd. oclif does not load without a home and a shell. A
  // user with such a line keeps it, because programs that the doctor starts read it too.
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
  // If all debug output is on, oclif would print the command line, and with it the token.
  delete process.env.DEBUG;
};
