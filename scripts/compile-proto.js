// Compiles proto/jaco.proto to src/wire/jaco.ts with buf and ts-proto, both from node_modules: no network, no protoc.
//   node scripts/compile-proto.js           write it
//   node scripts/compile-proto.js --check   exit 1 if the committed file is stale
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'src/wire/jaco.ts');

const options = [
  'env=node',
  'esModuleInterop=true',
  'outputServices=grpc-js',
  'outputJsonMethods=false',
  'outputPartialMethods=false',
  'forceLong=string', // uint64 above 2^53 must survive
  'useDate=false', // a clock of 1970 or 2100 is evidence, not an invalid Date
  'useMapType=false',
  'snakeToCamel=true',
  'unrecognizedEnum=true',
  'removeEnumPrefix=true',
  'importSuffix=.ts',
];

/** The TypeScript that proto/jaco.proto gives, as text. */
function compile() {
  const out = mkdtempSync(join(tmpdir(), 'compile-proto-'));
  try {
    const template = JSON.stringify({
      version: 'v2',
      plugins: [{ local: join(root, 'node_modules/.bin/protoc-gen-ts_proto'), out, opt: options }],
    });
    execFileSync(join(root, 'node_modules/.bin/buf'), ['generate', 'proto', '--template', template], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const text = readFileSync(join(out, 'jaco.ts'), 'utf8');
    // The generator writes the version of the compiler, which differs between protoc and buf.
    return text.replace(/^\/\/ +protoc +\S+.*\n/m, '');
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const text = compile();
if (process.argv.includes('--check')) {
  let committed = '';
  try {
    committed = readFileSync(target, 'utf8');
  } catch {
    // An absent file is stale.
  }
  if (committed !== text) {
    process.stderr.write('src/wire/jaco.ts is stale: run node scripts/compile-proto.js\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
}
