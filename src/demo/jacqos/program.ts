import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the stand-in of the jacqos command does for one of its commands. MADE UP: what the real one prints is not published.
 * `lines` of shell are run before it ends.
 */
export type Said = {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
  readonly lines?: readonly string[];
};

/** The stand-in of the jacqos command: a shell script in a folder of its own that is put on PATH. */
export class Program {
  readonly folder: string;
  /** A line for each start, with the words it was given. */
  readonly log: string;
  version: Said = { stdout: 'jacqos 1.0.0\n' };
  readiness: Said = { stdout: '{"account":{"status":"ready"},"signed_in":true}\n' };
  status: Said = {
    stdout:
      '{"lifecycle":"active","health":"healthy","active_package_digest":"sha256:5f1d0c8e42","evaluator_digest":"sha256:77aa01b2c3","last_activity":"2026-11-24T10:00:00Z"}\n',
  };

  constructor(root: string) {
    this.folder = join(root, 'bin');
    this.log = join(root, 'started.log');
    mkdirSync(this.folder, { recursive: true });
  }

  get path(): string {
    return join(this.folder, 'jacqos');
  }

  /** Writes the script as it is to behave. */
  write(): void {
    const one = (name: string, words: string, said: Said): string => {
      const files = (['stdout', 'stderr'] as const).map((stream) => {
        writeFileSync(join(this.folder, `${name}.${stream}`), said[stream] ?? '');
        return `cat "$here/${name}.${stream}"${stream === 'stderr' ? ' >&2' : ''}`;
      });
      return [`  "${words}")`, ...files, ...(said.lines ?? []), `exit ${said.code ?? 0}`, '  ;;'].join('\n');
    };
    const script = `#!/bin/sh
# Stand-in of the jacqos command, made by a demo or a test of jacqos-doctor. Nothing it prints is JacqOS's own.
here=$(dirname "$0")
echo "$*" >>"$here/../started.log"
case "$*" in
${one('version', '--version', this.version)}
${one('readiness', 'cloud readiness --json', this.readiness)}
${one('status', 'cloud status --json', this.status)}
  *) echo "the stand-in has no command $*" >&2; exit 99 ;;
esac
`;
    writeFileSync(this.path, script);
    chmodSync(this.path, 0o755);
  }

  /** Takes the command off the PATH. */
  remove(): void {
    rmSync(this.path, { force: true });
  }
}
