// The main module of the single executable, which holds both programs and needs no file.
import prepareEnvironment from '../bin/prepare-environment.js';

prepareEnvironment();
import('./run-single-file.ts')
  .then(({ runSingleFile }) => runSingleFile(process.argv0, process.argv.slice(2)))
  .catch((error) => {
    // Node's own code for this is 1, which here says that a check failed.
    console.error(`jaco-doctor: cannot start: ${error.message}`);
    process.exit(70);
  });
