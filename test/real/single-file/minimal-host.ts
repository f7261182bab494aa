import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PATH, requireRootAnd, type Said } from '../shell.ts';

export const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
/** The executable, which `npm run test:real` builds before the tests. */
export const EXECUTABLE = join(REPOSITORY, 'build/jaco-doctor-linux-x64');

/** The user that a command runs as: root, or one with no rights and no home. */
export type User = 'root' | 'nobody';
const IDS: Record<User, string> = { root: '0:0', nobody: '65534:65534' };

type Options = {
  readonly user?: User;
  readonly env?: { readonly [name: string]: string };
  readonly input?: string | Buffer;
};

/**
 * A Debian with nothing but its essential packages: no Node, no /tmp, no home, and a root that cannot be written. /run
 * is in memory, empty but for the executable under its names, and new for each command.
 */
export class MinimalHost {
  private constructor(private readonly root: string) {}

  static async install(): Promise<MinimalHost> {
    requireRootAnd('debootstrap', 'unshare', 'strace', 'aarch64-linux-gnu-strip', 'qemu-aarch64');
    const root = mkdtempSync(join(tmpdir(), 'minimal-host-'));
    const script = `
      release=$(. /etc/os-release && echo "$VERSION_CODENAME")
      mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | head -n 1)
      debootstrap --variant=minbase "$release" "$1" "$mirror" || exit 1
      chmod 0755 "$1"
      rm -rf "$1"/tmp "$1"/var/tmp "$1"/root "$1"/home`;
    const { code, stdout } = await run(['sh', '-c', script, 'sh', root]);
    if (code !== 0) throw new Error(`debootstrap failed: ${stdout.slice(-1000)}`);
    return new MinimalHost(root);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Runs a command there, with an environment of PATH and `env` alone. */
  run(argv: readonly string[], { user = 'root', env = {}, input = '' }: Options = {}): Promise<Said> {
    return this.started('', argv, { user, env, input });
  }

  /** Runs a command there and gives, beside its end, its system calls that name files. */
  async traced(argv: readonly string[], options: Options = {}): Promise<Said & { readonly calls: readonly string[] }> {
    const log = `${this.root}.strace`;
    const said = await this.started(`strace -f -qq -e trace=%file,ftruncate,fchmod,fchown -o ${log}`, argv, options);
    const calls = readFileSync(log, 'utf8').split('\n');
    rmSync(log);
    return { ...said, calls };
  }

  private started(tracer: string, argv: readonly string[], { user = 'root', env = {}, input = '' }: Options) {
    const script = `
      root=$1 executable=$2 ids=$3; shift 3
      mount --make-rprivate /
      mount --bind "$root" "$root"
      mount -t proc proc "$root/proc"
      mount --rbind /dev "$root/dev"
      mount -t tmpfs -o mode=1777 tmpfs "$root/run"
      touch "$root/run/jaco-doctor"
      mount --bind "$executable" "$root/run/jaco-doctor"
      ln -s jaco-doctor "$root/run/jacqos-doctor"
      mount -o remount,ro,bind "$root"
      exec ${tracer} chroot --userspec="$ids" "$root" env -i "$@"`;
    const words = Object.entries({ PATH, ...env }).map(([name, value]) => `${name}=${value}`);
    const there = ['sh', '-euc', script, 'sh', this.root, EXECUTABLE, IDS[user], ...words, ...argv];
    return run(['unshare', '--mount', '--fork', ...there], input);
  }
}

/** Runs the program as npm installs it, in this repository. */
export function runInstalled(product: 'jaco' | 'jacqos', argv: readonly string[], input = ''): Promise<Said> {
  return run([process.execPath, join(REPOSITORY, `bin/${product}-doctor.js`), ...argv], input);
}

/** Runs a command on this machine, with PATH alone and `input` on its standard input. */
export function run([program = '', ...words]: readonly string[], input: string | Buffer = ''): Promise<Said> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env: { PATH } });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        said[stream] += text;
      });
    child.on('error', reject).on('close', (code) => resolve({ code, ...said }));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
