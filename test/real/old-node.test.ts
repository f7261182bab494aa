import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY, run } from './single-file/minimal-host.ts';

const { unsupported } = JSON.parse(readFileSync(join(REPOSITORY, 'scripts/node-versions.json'), 'utf8')) as {
  readonly unsupported: readonly string[];
};

describe.each(unsupported)('Node %s, which is too old', (version) => {
  const node = join(REPOSITORY, 'build/node', `${version}-x64`, 'bin/node');
  const missing = !existsSync(node);
  if (missing) console.error(`SKIPPED: ${node} is missing; fetch it with node scripts/fetch-node.js ${version}`);

  it.skipIf(missing).each(['jaco', 'jacqos'])(
    'gets one plain line from %s-doctor and exit code 70',
    async (product) => {
      const bin = join(REPOSITORY, `bin/${product}-doctor.js`);
      for (const words of [[], ['--version'], ['--format', 'json']])
        expect(await run([node, bin, ...words])).toEqual({
          code: 70,
          stdout: '',
          stderr: `${product}-doctor: Node 20.18.1 or later is needed, this is v${version}\n`,
        });
    },
  );
});

it('is refused below the version that package.json names', () => {
  const { engines } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
  expect(engines.node).toBe('>=20.18.1');
});
