import { resolve } from 'node:path';
import { configArgument } from './config-argument.ts';
import { isJacod } from './is-jacod.ts';

/** The arguments and environment with which a script starts jacod. */
export type ShellStart = {
  readonly config: string | null;
  readonly environment: ReadonlyMap<string, string>;
  readonly folder: string;
};

/** A word of a script; null if it contains something that only the shell can evaluate. */
type Word = string | null;

type Shell = {
  readonly variables: Map<string, string>;
  readonly exported: Set<string>;
  folder: string;
  exportsAll: boolean;
  /** Whether the variables are certain: no file was sourced, and nothing depends on a condition. */
  isCertain: boolean;
};

const CONDITIONS = ['if', 'elif', 'then', 'else', 'case', 'for', 'while', 'until', 'do'];
const UNCERTAIN = ['.', 'source', 'eval', 'sudo', 'su', 'runuser', 'set', 'read', 'trap'];

/**
 * Follows the script of a shell's `-c` to jacod: assignments, `export`, `cd`, `exec`, `env`. Null if jacod is not in
 * it, or if the file that it reads depends on something else.
 */
export function shellStart(
  script: string,
  environment: ReadonlyMap<string, string>,
  folder: string,
): ShellStart | null {
  const shell: Shell = {
    variables: new Map(environment),
    exported: new Set(environment.keys()),
    folder,
    exportsAll: false,
    isCertain: true,
  };
  let rest = script;
  while (rest !== '') {
    const command = readCommand(rest, shell.variables);
    if (command === null) return null;
    rest = rest.slice(command.length);
    const start = execute(command.words, shell);
    if (start === null) continue;
    // A second command that starts it is an alternative to the first.
    return start === 'uncertain' || rest.split(/[\s;&|]+/).some(isJacod) ? null : start;
  }
  return null;
}

function execute(all: readonly Word[], shell: Shell): ShellStart | 'uncertain' | null {
  const words = [...all];
  const own = new Map<string, string>();
  for (let word = words[0]; word !== undefined; word = words[0]) {
    const [name, value] = assignmentOf(word);
    if (name !== null) own.set(name, value);
    else if (word !== null && CONDITIONS.includes(word)) shell.isCertain = false;
    else if (word === null || !['exec', 'command', 'nohup', 'env', '{', '!'].includes(word)) break;
    words.shift();
  }
  const program = words[0];
  if (program === undefined) {
    for (const [name, value] of own) assign(shell, name, value, shell.exportsAll);
    return null;
  }
  const at = words.findIndex((word) => word !== null && isJacod(word));
  if (at >= 0 && words[0] !== 'test' && words[0] !== '[') return startOf(words.slice(at + 1), own, shell, at > 0);
  if (program === 'export')
    for (const word of words.slice(1)) {
      const [name, value] = assignmentOf(word);
      if (name !== null) assign(shell, name, value, true);
      else if (word === null) shell.isCertain = false;
      else shell.exported.add(word);
    }
  else if (program === 'cd' && typeof words[1] === 'string') shell.folder = resolve(shell.folder, words[1]);
  else if (program === 'set' && /^-[a-z]*a/.test(words[1] ?? '')) shell.exportsAll = true;
  else if (program === 'set' && /^-[eux]+$/.test(words[1] ?? '')) return null;
  else if (program === 'unset') for (const name of words.slice(1)) shell.variables.delete(name ?? '');
  else if (program === null || UNCERTAIN.includes(program)) shell.isCertain = false;
  return null;
}

function startOf(
  arguments_: readonly Word[],
  own: ReadonlyMap<string, string>,
  shell: Shell,
  isWrapped: boolean,
): ShellStart | 'uncertain' {
  const environment = new Map([...shell.variables].filter(([name]) => shell.exported.has(name)).concat([...own]));
  const config = configArgument(arguments_.map((word) => word ?? '\0'));
  if (config?.includes('\0')) return 'uncertain';
  if (config === null && (!shell.isCertain || isWrapped || arguments_.includes(null))) return 'uncertain';
  if (config !== null && !config.startsWith('/') && !shell.isCertain) return 'uncertain';
  return { config, environment, folder: shell.folder };
}

function assign(shell: Shell, name: string, value: string, isExported: boolean): void {
  shell.variables.set(name, value);
  if (isExported) shell.exported.add(name);
}

function assignmentOf(word: Word): readonly [name: string, value: string] | readonly [null, null] {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word ?? '') ?? [];
  return name === undefined || value === undefined ? [null, null] : [name, value];
}

/** The next simple command and its length in the script; null for unsupported syntax, such as a substitution. */
function readCommand(
  script: string,
  variables: ReadonlyMap<string, string>,
): { readonly words: readonly Word[]; readonly length: number } | null {
  const words: Word[] = [];
  let at = 0;
  let isRedirection = false;
  while (at < script.length) {
    const character = script[at] as string;
    if (';&|\n'.includes(character)) return { words, length: at + 1 };
    if (' \t'.includes(character)) at += 1;
    else if (character === '#') at += /^[^\n]*/.exec(script.slice(at))?.[0].length ?? 1;
    else if (/^\d*[<>]/.test(script.slice(at))) {
      at += /^\d*[<>]+(?:&\d)?/.exec(script.slice(at))?.[0].length ?? 1;
      isRedirection = !/&\d$/.test(script.slice(0, at));
    } else {
      const word = readWord(script, at, variables);
      if (word === null) return null;
      at = word.end;
      if (!isRedirection) words.push(word.value);
      isRedirection = false;
    }
  }
  return { words, length: at };
}

function readWord(
  script: string,
  from: number,
  variables: ReadonlyMap<string, string>,
): { readonly value: Word; readonly end: number } | null {
  let value = '';
  let isKnown = true;
  let quote = '';
  let at = from;
  for (; at < script.length; at += 1) {
    const character = script[at] as string;
    if (quote === '' && ' \t\n;&|<>'.includes(character)) break;
    if (quote === "'" && character !== "'") value += character;
    else if (character === quote) quote = '';
    else if (quote === '' && (character === "'" || character === '"')) quote = character;
    else if (character === '`' || (quote === '' && '()'.includes(character))) return null;
    else if (character === '\\') {
      const next = script[at + 1] ?? '';
      value += quote === '"' && !'"\\$`'.includes(next) ? `\\${next}` : next;
      at += 1;
    } else if (character === '$') {
      const variable = /^\$(?:(\w+)|\{(\w+)(?::?-([^}$`]*))?\})/.exec(script.slice(at));
      if (variable === null) return null;
      const [all, bare, braced, otherwise] = variable;
      const known = variables.get(bare ?? braced ?? '') || otherwise;
      if (known === undefined) isKnown = false;
      value += known ?? '';
      at += all.length - 1;
    } else value += character;
  }
  return quote === '' ? { value: isKnown ? value : null, end: at } : null;
}
