// What a person can type, read from the manifests and the built program: for man pages and completions.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The manifest of each program. */
export const programs = { 'jaco-doctor': 'bin/jaco/oclif.manifest.json', 'jacqos-doctor': 'oclif.manifest.json' };

/**
 * The command line of `bin`: its version and its commands. The first command has the name '' and is the run itself. A
 * command has `usage`, `summary`, `description`, `examples`, `exits` (code and meaning), `flags`, and `words`: what may
 * follow it. A flag has `name`, `char`, `text`, `value` (what its help calls the value, null for a switch), `fallback`,
 * `many` and `words`: the values that it takes, or 'path'.
 */
export function commandLine(bin) {
  const manifest = JSON.parse(readFileSync(join(root, programs[bin]), 'utf8'));
  const names = namesOf(bin);
  const commands = Object.values(manifest.commands).map((command) => {
    const name = command.id.replace(/^doctor:?/, '');
    const typed = [bin, name].filter(Boolean).join(' ');
    const { text, exits } = withoutExits(command.description ?? '');
    return {
      name,
      usage: [typed, command.usage ?? '[FLAGS]'].join(' ').replaceAll('…', '...'),
      summary: command.summary,
      description: text,
      examples: (command.examples ?? []).map((example) =>
        example.replaceAll(/<%= config\.bin %> <%= command\.id %>/g, typed),
      ),
      exits,
      flags: Object.values(command.flags).map((flag) => flagOf(flag, names)),
      words: wordsOf(name, text, names),
    };
  });
  if (commands[0].exits.length === 0) throw new Error(`the help of ${bin} lists no exit codes`);
  return { bin, version: manifest.version, commands };
}

function flagOf(flag, names) {
  const value = flag.type === 'boolean' ? null : (flag.helpValue ?? flag.options?.join('|') ?? flag.name.toUpperCase());
  return {
    name: flag.name,
    char: flag.char ?? null,
    text: flag.description,
    value,
    fallback: flag.default ?? null,
    many: flag.multiple === true,
    words: flag.options ?? namedWords(value ?? '', names),
  };
}

/** The words for a value or an argument that its help calls `value`. */
function namedWords(value, { checks, groups, ids }) {
  if (/\b(FILE|PATH)\b/.test(value)) return 'path';
  const kinds = { CHECK: checks, GROUP: groups, ID: ids };
  return value.includes('CHECK') ? value.split('|').flatMap((kind) => kinds[kind] ?? []) : [];
}

function wordsOf(command, description, names) {
  if (command === 'demo') return faultsIn(description);
  const all = [...names.checks, ...names.groups, ...names.ids];
  return command === '' || command === 'explain' ? [...new Set(all)] : [];
}

/** The help of `demo` has a paragraph "group: fault, fault" for each group. */
function faultsIn(description) {
  const lists = description.split('\n\n').slice(1);
  return lists.flatMap((list) => list.replace(/^[^:]*:\s*/, '').split(/,\s*/));
}

/** The exit codes are lines at the end of a description. */
function withoutExits(description) {
  const [text, list = ''] = description.split(/\n+Exit codes[^\n]*:\n/);
  const exits = [...list.matchAll(/^\s*(\d+)\s+(.*)$/gm)].map(([, code, meaning]) => ({ code, meaning }));
  return { text, exits };
}

/** The names of checks, groups and ids, each once, in the program's own order. */
function namesOf(bin) {
  const ask = (...words) => {
    const said = execFileSync(process.execPath, [join(root, 'bin', `${bin}.js`), ...words, '--format', 'json']);
    return JSON.parse(said);
  };
  const { checks } = ask('checks');
  return {
    checks: checks.map(({ name }) => name),
    groups: [...new Set(checks.map(({ group }) => group))],
    ids: ask('explain').ids.map(({ name }) => name),
  };
}
