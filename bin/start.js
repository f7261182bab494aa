const prepareEnvironment = require('./prepare-environment.js');

/**
 * Starts a bin. `name` is the prefix of messages, `manifest` the folder of its manifest from the package's root, and
 * `commands` that of its commands from there.
 */
exports.start = async function start({ name, manifest, commands }) {
  prepareEnvironment();
  const { runInstalledBin } = await import('../dist/entry.js').catch((error) => {
    // Node's own exit code for this is 1, which here means that a check failed.
    console.error(`${name}: cannot start, the installation is incomplete: ${error.message}`);
    process.exit(70);
  });
  await runInstalledBin({ name, manifest, commands }, process.argv.slice(2));
};
