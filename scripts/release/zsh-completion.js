// Completion for zsh, with _arguments.

/** The script for a command line (scripts/release/command-line.js). */
export function zshCompletion({ bin, commands }) {
  const name = `_${bin.replaceAll('-', '_')}`;
  const [run, ...others] = commands;
  return `#compdef ${bin}

${name}() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  local -a commands names
  commands=(
${others.map((command) => `    ${quoted(`${command.name}:${command.summary}`)}`).join('\n')}
  )
  names=(${run.words.join(' ')})

  if (( CURRENT > 2 )); then
    case $words[2] in
${others.map(branch).join('\n')}
    esac
  fi
  _arguments -C -S \\
${specs(run)}
    '*: :->word' && return
  if [[ $state == word ]]; then
    (( CURRENT == 2 )) && _describe -t commands command commands
    compadd -a names
  fi
}

${name} "$@"
`;
}

function branch(command) {
  const words = command.words.length === 0 ? "'*: :'" : `'*: :(${command.words.join(' ')})'`;
  return `      ${command.name})
        shift words
        (( CURRENT-- ))
        _arguments -S \\
${specs(command, '    ')}
        ${words}
        return
        ;;`;
}

function specs({ flags }, indent = '') {
  return flags.map((flag) => `    ${indent}${quoted(spec(flag))} \\`).join('\n');
}

/** What _arguments takes for a flag: where it may repeat, its name, its text, and its values. */
function spec({ name, char, text, value, many, words }) {
  const about = `[${escaped(text)}]`;
  if (value === null) return `${char === null ? '' : `(-${char})`}--${name}${about}`;
  const list =
    words === 'path'
      ? '_files'
      : many && words.length > 0
        ? `_sequence compadd - ${words.join(' ')}`
        : `(${words.join(' ')})`;
  return `${many ? '*' : ''}--${name}=${about}:${escaped(value)}:${list}`;
}

const escaped = (text) => text.replaceAll(/[[\]:\\]/g, '\\$&');
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
