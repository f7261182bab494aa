import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documents, exists, ROOT } from './repository.ts';

type Manifest = {
  readonly commands: {
    readonly [id: string]: {
      readonly flags: { readonly [name: string]: { readonly type: string; readonly options?: readonly string[] } };
    };
  };
};

const json = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const scripts: object = json('package.json').scripts;
const manifests: { readonly [bin: string]: Manifest } = {
  'jaco-doctor': json('bin/jaco/oclif.manifest.json'),
  'jacqos-doctor': json('oclif.manifest.json'),
};

/** Lines of the fenced blocks, without prompt and remark. */
function examplesIn(text: string): readonly string[] {
  return [...text.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.split('\n').map((line) => line.replace(/^\$ /, '').replace(/\s+# .*$|^# .*$/, '')),
  );
}

/** Names in code spans of prose. */
function spansIn(text: string): readonly string[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/(`+)(.+?)\1/g)].map(([, , span = '']) => span);
}

/** The commands of a line of shell that starts our programs, npm, npx or node. */
function commandsOf(line: string): readonly (readonly string[])[] {
  return line
    .split(/\s*(?:&&|\|\||\||;)\s*/)
    .map((part) => part.replace(/^(?:[A-Z_]+=\S+ |command )+/, '').replace(/\s+(?:2>&1|>).*$/, ''))
    .map((part) => part.split(/\s+/));
}

/** The fault of a command line of one of our programs, by its built manifest. */
function doctorTrouble(bin: string, words: readonly string[]): readonly string[] {
  const { commands } = manifests[bin] as Manifest;
  const [first = ''] = words;
  const flags = (commands[`doctor:${first}`] ?? commands['doctor'])?.flags ?? {};
  return words.flatMap((word, index) => {
    const [, name, given] = /^--([\w-]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name === undefined || name === 'help' || name === 'version') return [];
    const flag = flags[name];
    if (!flag) return [`${bin} has no flag --${name} here`];
    const value = given ?? words[index + 1];
    if (flag.type === 'option' && (value === undefined || value.startsWith('--')))
      return [`--${name} of ${bin} has no value`];
    return flag.options && !flag.options.includes(value ?? '') ? [`--${name} of ${bin} takes no ${value}`] : [];
  });
}

/** A path of the repository: below one of its folders, without a placeholder. */
const OURS = /^(?:\.ci|bench|bin|checks|commands|docs|proto|scripts|src|test)\/[\w./-]*$/;

function pathTrouble(word: string): readonly string[] {
  const [path = ''] = word.split('#');
  return !OURS.test(path) || /[A-Z]{4}/.test(path) || exists(path) ? [] : [`there is no ${path}`];
}

function commandTrouble(words: readonly string[]): readonly string[] {
  const [program = '', first = '', second = '', ...rest] = words;
  if (program in manifests) return doctorTrouble(program, words.slice(1));
  const [, bin] = /^bin\/([\w-]+)\.js$/.exec(first) ?? [];
  if (program === 'node' && bin) return [...pathTrouble(first), ...doctorTrouble(bin, words.slice(2))];
  if (program === 'npm' && first === 'run') return second in scripts ? [] : [`there is no script ${second}`];
  if (program === 'npm')
    return ['ci', 'install', 'test', 'pack', 'view'].includes(first) ? [] : [`npm ${first} is unknown`];
  if (program === 'npx' && !exists(`node_modules/.bin/${first}`)) return [`${first} is not installed`];
  return [first, second, ...rest].flatMap(pathTrouble);
}

function troubleIn(text: string): readonly string[] {
  const spans = spansIn(text).filter((span) => !span.includes('…'));
  const lines = [...examplesIn(text), ...spans.filter((span) => /^(?:npm|npx|node|bash|jac\w+-doctor) /.test(span))];
  return [...lines.flatMap((line) => commandsOf(line).flatMap(commandTrouble)), ...spans.flatMap(pathTrouble)];
}

test.each([...documents()])('every command, flag, script and path in %s exists', (_, text) => {
  expect(troubleIn(text)).toEqual([]);
});

test('what the dependencies are loaded by exists: commands, flags, scripts and files', () => {
  const text = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8');
  const lastCells = [...text.matchAll(/^\|.*\| ([^|]*) \|$/gm)].map(([, cell = '']) => cell);
  const commands = Object.values(manifests).flatMap((manifest) => Object.entries(manifest.commands));
  const known = (span: string): boolean =>
    commands.some(
      ([id, { flags }]) => id === `doctor:${span}` || Object.keys(flags).some((name) => span === `--${name}`),
    ) ||
    /^npm |\//.test(span) ||
    exists(`node_modules/.bin/${span}`);
  expect(lastCells.flatMap(spansIn).filter((span) => !known(span))).toEqual([]);
});

test('the commands that view a recording print something', () => {
  const shown = examplesIn(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8')).filter((line) =>
    line.startsWith('node -p '),
  );
  expect(shown.length).toBeGreaterThan(0);
  for (const line of shown)
    expect(execFileSync('bash', ['-c', line], { cwd: ROOT, encoding: 'utf8' }), line).toMatch(/jaco\.|value/);
});

test('a command, a flag, a value, a script and a path that do not exist are reported', () => {
  const text = [
    'Run `npm run nothing` and read `src/absent.ts`, `checks/jaco/NAME.ts`, `/etc/jaco/jacod.yaml`.',
    '```sh',
    'jaco-doctor --only raft --unheard    # --not-read',
    '$ jaco apply app.yaml 2>&1 | jaco-doctor --format xml --from -',
    'jacqos-doctor --server 10.0.0.1',
    'npx vitest run test/absent.test.ts',
    '```',
  ].join('\n');
  expect(troubleIn(text)).toEqual([
    'jaco-doctor has no flag --unheard here',
    '--format of jaco-doctor takes no xml',
    'jacqos-doctor has no flag --server here',
    'there is no test/absent.test.ts',
    'there is no script nothing',
    'there is no src/absent.ts',
  ]);
});
