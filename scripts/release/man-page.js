// The man page of a program, made from what its --help is made from.

/**
 * The man page of a command line (scripts/release/command-line.js) in the language of man(7). `date` is the day of the
 * release, YYYY-MM-DD.
 */
export function manPage({ bin, version, commands }, date) {
  const [run, ...others] = commands;
  const lines = [
    `.TH ${bin.toUpperCase()} 1 "${date}" "${bin} ${version}" "User Commands"`,
    '.nh',
    '.ad l',
    '.SH NAME',
    `${roff(bin)} \\- ${roff(lowered(run.summary.replace(/\.$/, '')))}`,
    '.SH SYNOPSIS',
    ...commands.flatMap(({ usage }) => ['.PP', bold(usage)]),
    '.SH DESCRIPTION',
    ...paragraphs(run.description),
    '.SH OPTIONS',
    ...options(run.flags),
    '.SH COMMANDS',
    ...others.flatMap(commandLines),
    '.SH EXIT STATUS',
    'The exit code is the same in every format.',
    ...run.exits.flatMap(({ code, meaning }) => ['.TP', `.B ${code}`, roff(meaning)]),
    '.SH ENVIRONMENT',
    ...environment(run.flags),
    '.SH EXAMPLES',
    ...commands.flatMap(({ examples }) => examples).flatMap((example) => ['.PP', '.EX', roff(`$ ${example}`), '.EE']),
    '.SH SEE ALSO',
    seeAlso(bin),
  ];
  // A section starts a paragraph itself.
  const kept = lines.filter((line, at) => line !== '.PP' || !/^\.S[HS] /.test(lines[at - 1]));
  return `${kept.join('\n')}\n`;
}

function commandLines({ usage, summary, description, flags }) {
  return [
    `.SS ${roff(usage.replace(/ \[FLAGS\]$/, ''))}`,
    roff(summary),
    ...paragraphs(description),
    ...options(flags),
  ];
}

function options(flags) {
  return flags.flatMap(({ name, char, text, value, fallback, many }) => {
    const typed = `${char === null ? '' : `\\-${char}, `}\\-\\-${roff(name)}${value === null ? '' : `=${roff(value)}`}`;
    const notes = [many ? 'May be given several times.' : '', fallback === null ? '' : `The default is ${fallback}.`];
    const sentence = `${text.replaceAll(ENV, '').replace(/^[a-z]+(?=[ ,;])/, capitalized)}.`;
    return ['.TP', `.B ${typed}`, roff([sentence, ...notes].filter(Boolean).join(' '))];
  });
}

/** Where the help of a flag names its variables. */
const ENV = / ?\[env: ([^\]]*)\]/g;

function environment(flags) {
  return flags.flatMap(({ name, text }) =>
    [...text.matchAll(ENV)].flatMap(([, variables]) => {
      const [names, meaning] = variables.split('; ');
      const sentence =
        meaning === undefined
          ? `Used if \\-\\-${roff(name)} is not given.`
          : `See \\-\\-${roff(name)}. ${roff(meaning)}.`;
      return ['.TP', `.B ${roff(names)}`, sentence];
    }),
  );
}

function paragraphs(text) {
  const blocks = text.split('\n\n').filter(Boolean);
  return blocks.flatMap((block) => ['.PP', roff(block.replaceAll(/\s*\n\s*/g, ' '))]);
}

const seeAlso = (bin) => `.BR ${roff(bin === 'jaco-doctor' ? 'jacqos-doctor' : 'jaco-doctor')} (1)`;
const bold = (text) => `.B ${roff(text)}`;
const capitalized = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const lowered = (text) => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

/**
 * Text that roff prints as written: a line that starts with a dot or a quote would be a request, and a bare - a hyphen.
 */
function roff(text) {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('…', '...')
    .replaceAll('’', "'")
    .replace(/^(?=[.'])/, '\\&');
}
