import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * oclif sorts the command ids of a manifest with `localeCompare`. Its first call loads the collation tables, which
 * takes 6 ms of each start. Ids are ASCII, so the order of code units is the same.
 */
const sortIdsWithoutCollation = {
  name: 'sort-ids-without-collation',
  transform: {
    filter: { id: /@oclif\/core\/lib\/config\/plugin\.js$/ },
    handler(code) {
      const call = 'a.id.localeCompare(b.id)';
      if (!code.includes(call)) throw new Error(`oclif no longer has ${call}: remove sortIdsWithoutCollation`);
      return code.replace(call, '(a.id < b.id ? -1 : Number(a.id > b.id))');
    },
  },
};

/**
 * Bundles the program from its entries, by name, and gives the bundler's files. `output` has the format and the names.
 * It is split, because a part that is not needed is then not parsed.
 */
export async function bundleProgram(input, output) {
  const build = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    external: ['typescript', 'tsx', 'ts-node'], // oclif imports them to transpile: 4 MB that never run
    transform: { target: 'es2022' },
    plugins: [sortIdsWithoutCollation],
  });
  try {
    const bundled = await build.generate({
      ...output,
      // One chunk for explain and one for a run: each further file delays the start by about 0.5 ms.
      codeSplitting: {
        groups: [
          // The modules that the entry also needs, and nothing else.
          {
            name: 'start',
            test: /\/package\.json$|\/src\/(vault\/(?!redact-secrets)|cli\/(protect-argv|invocation|run-bin))/,
            priority: 2,
          },
          { name: 'oclif', test: /\/node_modules\/@oclif\/core\//, priority: 1 },
          {
            name: 'explain',
            test: /\/src\/(engine\/(text|format|cpu-fair-timeout)|catalog\/(?!search|nearest|generated\/(jac|search|releases))|report\/(wrap|describe-retry|explain-entry|explanation|check-description)|vault\/redact-secrets|cli\/(explain|render-explanation|ascii|list-flags|terminal|doctor-command|report-error|read-input|usage-error|with-timeout|stdout))|\/src\/probes\/jaco\/find-ids-in-text|\/node_modules\/chalk\//,
          },
          {
            name: 'run',
            test: /\/src\/(engine|advice|report|cli\/(?!demo|checks|explain|exit-process|jaco\/|jacqos\/))/,
          },
        ],
      },
      // Names are kept for readable stack traces. Line breaks are removed, because they cost 4 of 76 ms at start.
      minify: {
        mangle: false,
        compress: { keepNames: { function: true, class: true } },
        codegen: { removeWhitespace: true },
      },
    });
    return bundled.output;
  } finally {
    await build.close();
  }
}
