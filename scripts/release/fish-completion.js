// Completion for fish.

/** The script for a command line (scripts/release/command-line.js). */
export function fishCompletion({ bin, commands }) {
  const [run, ...others] = commands;
  const names = others.map(({ name }) => name).join(' ');
  const unlessOther = `not __fish_seen_subcommand_from ${names}`;
  const lines = [
    `# fish completion for ${bin}`,
    `complete -c ${bin} -f`,
    ...others.map(
      ({ name, summary }) => `complete -c ${bin} -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ),
    ...commandLines(bin, run, unlessOther),
    ...others.flatMap((command) => commandLines(bin, command, `__fish_seen_subcommand_from ${command.name}`)),
  ];
  return `${lines.join('\n')}\n`;
}

function commandLines(bin, { words, flags }, condition) {
  const start = `complete -c ${bin} -n ${quoted(condition)}`;
  return [
    ...(words.length === 0 ? [] : [`${start} -a ${quoted(words.join(' '))}`]),
    ...flags.map((flag) => `${start} ${option(flag)}`),
  ];
}

function option({ name, char, text, value, many, words }) {
  const typed = `${char === null ? '' : `-s ${char} `}-l ${name} -d ${quoted(text)}`;
  if (value === null) return typed;
  if (words === 'path') return `${typed} -r -F`;
  if (words.length === 0) return `${typed} -x`;
  const list = quoted(words.join(' '));
  return `${typed} -x -a ${many ? quoted(`(__fish_append , ${words.join(' ')})`) : list}`;
}

const quoted = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
