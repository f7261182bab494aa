// Completion for bash, without a library: it also works where bash-completion is not installed.

/** The script for a command line (scripts/release/command-line.js). */
export function bashCompletion({ bin, commands }) {
  const name = `_${bin.replaceAll('-', '_')}`;
  const [run, ...others] = commands;
  return `# bash completion for ${bin}

${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} flag=\${COMP_WORDS[COMP_CWORD-1]} list='' words='' flags=''
  # readline makes a word of the = of --flag=value
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $flag == '=' ]]; then
    flag=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  local command=''
  ((COMP_CWORD > 1)) && command=\${COMP_WORDS[1]}
  COMPREPLY=()

  case $command in
${others.map((command) => branch(`  ${command.name})`, command)).join('\n')}
${branch('  *)', run, others)}
  esac

  case $command:$flag in
${values(commands)}
  esac
  [[ $cur == -* ]] && words=$flags
  # Several names are separated by commas.
  if [[ -n $list && $cur == *,* ]]; then
    mapfile -t COMPREPLY < <(compgen -P "\${cur%,*}," -W "$words" -- "\${cur##*,}")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
  fi
}
complete -o bashdefault -F ${name} ${bin}
`;
}

function branch(pattern, command, others = []) {
  const flags = command.flags.flatMap(({ name, char }) => [`--${name}`, ...(char === null ? [] : [`-${char}`])]);
  const words = [...new Set([...others.map(({ name }) => name), ...command.words])];
  return `  ${pattern}
      flags='${flags.join(' ')}'
      words='${words.join(' ')}'
      ;;`;
}

/**
 * What follows a flag. The first command gives the rule; a command whose flag takes other values gives an exception
 * before it.
 */
function values([run, ...others]) {
  const rules = new Map(run.flags.map((flag) => [flag.name, rule(flag)]));
  const exceptions = others.flatMap(({ name, flags }) =>
    flags
      .filter((flag) => flag.value !== null && rule(flag) !== rules.get(flag.name))
      .map((flag) => [`${name}:--${flag.name}`, rule(flag)]),
  );
  const general = run.flags.filter((flag) => flag.value !== null).map((flag) => [`*:--${flag.name}`, rule(flag)]);
  const bodies = new Map();
  for (const [pattern, body] of [...exceptions, ...general]) bodies.set(body, [...(bodies.get(body) ?? []), pattern]);
  return [...bodies].map(([body, patterns]) => `    ${patterns.join(' | ')})\n      ${body}\n      ;;`).join('\n');
}

function rule({ many, words }) {
  if (words === 'path')
    return 'mapfile -t COMPREPLY < <(compgen -f -- "$cur")\n      compopt -o filenames\n      return';
  if (words.length === 0) return 'return';
  return `words='${words.join(' ')}'${many ? '\n      list=yes' : ''}`;
}
