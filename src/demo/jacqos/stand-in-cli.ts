import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What the stand-in of the jacqos command does for one subcommand. The output is invented, because that of the real
 * command is not documented. `lines` are shell commands that run before it ends.
 */
export type CommandScript = {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly code?: number;
  readonly lines?: readonly string[];
};

/** The stand-in of the jacqos command: a shell script in its own folder on PATH. */
export class StandInCli {
  readonly folder: string;
  /** One line for each start, with its arguments. */
  readonly log: string;
  version: CommandScript = { stdout: 'jacqos 1.0.0\n' };
  readiness: CommandScript = { stdout: '{"account":{"status":"ready"},"signed_in":true}\n' };
  status: CommandScript = {
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

  /** Writes the script for the current settings. */
  write(): void {
    const scriptCase = (name: string, args: string, script: CommandScript): string => {
      const files = (['stdout', 'stderr'] as const).map((stream) => {
        writeFileSync(join(this.folder, `${name}.${stream}`), script[stream] ?? '');
        return `cat "$here/${name}.${stream}"${stream === 'stderr' ? ' >&2' : ''}`;
      });
      return [`  "${args}")`, ...files, ...(script.lines ?? []), `exit ${script.code ?? 0}`, '  ;;'].join('\n');
    };
    const script = `#!/bin/sh
# Stand-in of the jacqos command, made by a demo or a test of jacqos-doctor. Nothing it prints is JacqOS's own.
here=$(dirname "$0")
echo "$*" >>"$here/../started.log"
case "$*" in
${scriptCase('version', '--version', this.version)}
${scriptCase('readiness', 'cloud readiness --json', this.readiness)}
${scriptCase('status', 'cloud status --json', this.status)}
  *) echo "the stand-in has no command $*" >&2; exit 99 ;;
esac
`;
    writeFileSync(this.path, script);
    chmodSync(this.path, 0o755);
  }

  /** Removes the command from PATH. */
  remove(): void {
    rmSync(this.path, { force: true });
  }
}
