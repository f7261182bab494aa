import { basename } from 'node:path';
import { isJacod } from './is-jacod.ts';
import { type ShellStart, shellStart } from './shell-start.ts';

/** The command of ExecStart= in the format of `systemctl show`: `words` are joined by blanks, without quotes. */
export type ExecStart = { readonly path: string; readonly words: string };

/**
 * The start of jacod: its `--config` (null for none), its environment and its directory; or why that does not follow
 * from the command.
 */
export type JacodStart =
  | {
      readonly kind: 'known';
      readonly config: string | null;
      readonly environment: ReadonlyMap<string, string>;
      readonly folder: string;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

const SHELLS = ['sh', 'bash', 'dash', 'ash', 'ksh', 'zsh'];

/** Parses ExecStart=: jacod itself, a program that runs it, or a shell's `-c`. */
export function jacodStart(
  { path, words }: ExecStart,
  environment: ReadonlyMap<string, string>,
  folder: string,
): JacodStart {
  if (isJacod(path)) {
    const config = configOf(afterProgram(words, path), environment);
    return { kind: 'known', config, environment, folder };
  }
  if (SHELLS.includes(basename(path))) {
    const script = / -[a-z]*c (.*)$/s.exec(words)?.[1];
    const start: ShellStart | null =
      script === undefined ? null : shellStart(script.replaceAll('$$', '$'), environment, folder);
    if (start !== null) return { kind: 'known', ...start };
    return { kind: 'unknown', reason: `jaco.service starts jacod through a script of ${path}` };
  }
  const [before, after] = splitAtJacod(words) ?? [];
  if (before === undefined || after === undefined)
    return { kind: 'unknown', reason: `jaco.service starts ${path}, which is not jacod itself` };
  const assigned = / JACO_CONFIG=(.*?)(?= [A-Za-z_][A-Za-z0-9_]*=| *$)/.exec(before)?.[1];
  const seen = assigned === undefined ? environment : new Map([...environment, ['JACO_CONFIG', assigned] as const]);
  return { kind: 'known', config: configOf(after, environment), environment: seen, folder };
}

function afterProgram(words: string, path: string): string {
  if (words.startsWith(path)) return words.slice(path.length);
  const blank = words.indexOf(' ');
  return blank < 0 ? '' : words.slice(blank);
}

function splitAtJacod(words: string): readonly [before: string, after: string] | null {
  for (const { 0: word, index } of words.matchAll(/\S+/g))
    if (index > 0 && isJacod(word)) return [words.slice(0, index), words.slice(index + word.length)];
  return null;
}

/** The last `--config PATH` or `--config=PATH`, with one dash or two. A path with blanks ends at the next flag. */
function configOf(words: string, environment: ReadonlyMap<string, string>): string | null {
  const flags = [...words.matchAll(/(?<= )--?config(?:=| )(.*?)(?= --?[a-z][a-z-]*(?:[= ]|$)|$)/g)];
  const written = flags.at(-1)?.[1];
  if (written === undefined) return null;
  return written
    .replace(/\$\{(\w+)\}|(?<![^ ])\$(\w+)(?![^ ])/g, (_all, braced, bare) => environment.get(braced ?? bare) ?? '')
    .replaceAll('$$', '$');
}
