import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../shell.ts';

/**
 * Loads the completion of an installed package into a shell, and gives what it offers for a typed line, sorted, each
 * once.
 */
export type Shell = (root: string, typed: string) => Promise<readonly string[]>;

/** The folders are those of the Debian package. */
export const shells: Record<'bash' | 'zsh' | 'fish', Shell> = {
  async bash(root, typed) {
    const script = `source "$1"; COMP_WORDS=($2); [[ $2 == *\\  ]] && COMP_WORDS+=('')
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); set -- $(complete -p "\${COMP_WORDS[0]}")
while [[ $1 != -F ]]; do shift; done; "$2"; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const file = join(root, 'usr/share/bash-completion/completions', programOf(typed));
    return offers(await command('bash', ['--norc', '--noprofile', '-c', script, 'bash', file, typed]));
  },

  async fish(root, typed) {
    const file = join(root, 'usr/share/fish/vendor_completions.d', `${programOf(typed)}.fish`);
    const said = await command('fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', file, typed]);
    // A description follows after a tab.
    return offers({ ...said, stdout: said.stdout.replaceAll(/\t.*$/gm, '') });
  },

  // Its completion works in an interactive shell only: a second zsh types into the first one and reads what it would
  // offer.
  async zsh(root, typed) {
    const home = join(root, 'tmp/zsh');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, '.zshrc'), ZSHRC);
    writeFileSync(join(home, 'type.zsh'), TYPE);
    const functions = join(root, 'usr/share/zsh/vendor-completions');
    const said = await command('zsh', ['-f', join(home, 'type.zsh'), home, functions, typed]);
    return offers({ ...said, stdout: said.stdout.replaceAll('\r', '') });
  },
};

const programOf = (typed: string) => typed.split(' ')[0] ?? '';

function offers({ code, stdout, stderr }: { code: number | null; stdout: string; stderr: string }): readonly string[] {
  if (code !== 0) throw new Error(`exit ${code}: ${stdout}${stderr}`);
  return [...new Set(stdout.split('\n').filter((line) => line !== ''))].sort();
}

const ZSHRC = `PROMPT=
fpath=($FUNCTIONS $fpath)
autoload -Uz compinit && compinit -u -D
zstyle ':completion:*' insert-tab false
LISTMAX=10000
first() { print -r -- '<BEGIN>' }
last() { print -r -- '<END>' }
compprefuncs=(first)
comppostfuncs=(last exit)
compadd() {
  # Calls that only compute are left alone.
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
  local -a matches
  builtin compadd -A matches "$@"
  (( $#matches )) && print -rl -- $matches
  builtin compadd "$@"
}
print -r -- '<READY>'
`;

const TYPE = `zmodload zsh/zpty
export ZDOTDIR=$1 FUNCTIONS=$2 TERM=dumb
zpty z zsh -i
zpty -r z out '*<READY>*'
zpty -wn z "$3"$'\\t'
zpty -r z out '*<END>*'
print -r -- \${\${out##*<BEGIN>}%%<END>*}
zpty -d z
`;
