const prepareEnvironment = require('./prepare-environment.js');

/**
 * Starts a bin: `name` is what messages call it, `manifest` the folder of its manifest from the root of the package, and
 * `commands` that of its commands from there.
 */
exports.start = async function start({ name, manifest, commands }) {
  prepareEnvironment();
  const { entry } = await import('../dist/entry.js').catch((error) => {
    // Node's own code for this is 1, which here says that a check failed.
    console.error(`${name}: cannot start, the installation is incomplete: ${error.message}`);
    process.exit(70);
  });
  await entry({ name, manifest, commands }, process.argv.slice(2));
};
