// nfpm writes the .deb and the .rpm.
//   node scripts/release/install-nfpm.js    prints its path
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Later versions need a module that the Go module proxy does not always give. */
const VERSION = '2.43.0';

/**
 * The path of nfpm. Go builds it once from its module proxy and verifies it by its checksum database. Throws if Go
 * cannot.
 */
export function installNfpm() {
  const folder = join(root, 'build/nfpm', VERSION);
  const program = join(folder, 'nfpm');
  if (existsSync(program)) return program;
  // Go's own instructions put it there, and not into PATH.
  const env = { ...process.env, PATH: `${process.env.PATH}:/usr/local/go/bin`, GOBIN: folder };
  execFileSync('go', ['install', `github.com/goreleaser/nfpm/v2/cmd/nfpm@v${VERSION}`], { env, stdio: 'inherit' });
  return program;
}

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) console.log(installNfpm());
