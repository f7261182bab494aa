/** The oldest Node that runs the program; package.json says the same in `engines`. */
const OLDEST = [20, 18, 1];

/**
 * Ends the process with one line and exit code 70 if Node is too old. The bins and this file are written for Node 8;
 * newer syntax is only in files that are loaded later.
 */
module.exports = function refuseOldNode(name) {
  const version = process.versions.node.split('.').map(Number);
  const differs = OLDEST.findIndex((part, index) => version[index] !== part);
  if (differs === -1 || version[differs] > OLDEST[differs]) return;
  console.error(`${name}: Node ${OLDEST.join('.')} or later is needed, this is ${process.version}`);
  process.exit(70);
};
