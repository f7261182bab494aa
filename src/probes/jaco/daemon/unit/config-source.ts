import { resolve } from 'node:path';
import { protectEnvironment } from '../../../../vault/protect-environment.ts';
import type { UnitProperties } from '../../../io/systemctl-show.ts';
import { parseEnvironmentFile } from './environment-file.ts';
import { jacodStart } from './start-command.ts';

/**
 * A file of EnvironmentFile=, in systemd's order. `text` is null if it does not exist; `denied` if it could not be
 * read.
 */
export type EnvironmentFile =
  | { readonly path: string; readonly kind: 'text'; readonly text: string | null }
  | { readonly path: string; readonly kind: 'denied'; readonly detail: string };

/** The file that jacod reads through the unit; null for none; or why that is unknown. */
export type ConfigSource =
  | { readonly kind: 'known'; readonly path: string | null }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Paths and patterns of EnvironmentFile=, in the format of `systemctl show`. */
export function environmentFilePaths(shown: UnitProperties): readonly string[] {
  return shown.all('EnvironmentFiles').flatMap((line) => {
    const path = line.replace(/ \(ignore_errors=(?:yes|no)\)$/, '');
    return path === '' ? [] : [path];
  });
}

/**
 * The file that jacod reads according to its unit: `--config`, else JACO_CONFIG, else its default. Files of
 * EnvironmentFile= take precedence over Environment=, later ones over earlier ones, and UnsetEnvironment= over all.
 * `manager` is systemd's own environment, over which all of them take precedence (systemd.exec(5)).
 */
export function configSource(
  shown: UnitProperties,
  files: readonly EnvironmentFile[],
  manager: string | null = null,
): ConfigSource {
  const command = shown.all('ExecStart').at(-1) ?? '';
  const environment = new Map([...parseEnvironment(manager ?? ''), ...parseEnvironment(shown.first('Environment'))]);
  let unreadable: string | null = null;
  for (const file of files) {
    if (file.kind === 'denied') unreadable ??= file.detail;
    else for (const [name, value] of parseEnvironmentFile(file.text ?? '')) environment.set(name, value);
  }
  for (const entry of splitWords(shown.first('UnsetEnvironment'))) {
    const [name, value] = splitAtEquals(entry);
    if (!entry.includes('=') || environment.get(name) === value) environment.delete(name);
  }
  protectEnvironment(environment, ' of the daemon');
  const exec = {
    path: /path=(.+?) ; argv\[\]=/.exec(command)?.[1] ?? '',
    words: / argv\[\]=(.*) ; ignore_errors=/s.exec(command)?.[1] ?? '',
  };
  const folder = shown.first('WorkingDirectory').replace(/^[!-]/, '') || '/';
  const start = exec.path === '' ? null : jacodStart(exec, environment, folder);
  if (start?.kind === 'unknown') return start;
  const config = start === null ? null : start.config;
  if (config === null && unreadable !== null)
    return {
      kind: 'unknown',
      reason: `jaco.service reads variables from a file that this user cannot read (${unreadable})`,
    };
  if (config === null && manager === null && splitWords(shown.first('PassEnvironment')).includes('JACO_CONFIG'))
    return { kind: 'unknown', reason: "jaco.service passes JACO_CONFIG of systemd's environment" };
  const path = config ?? ((start?.environment ?? environment).get('JACO_CONFIG') || null);
  return { kind: 'known', path: path === null ? null : resolve(start?.folder ?? folder, path) };
}

/** Parses `A=b "C=d e"`, the format of systemd. */
function parseEnvironment(text: string): readonly (readonly [name: string, value: string])[] {
  return splitWords(text).map(splitAtEquals);
}

function splitWords(text: string): readonly string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare as string) : quoted.replace(/\\(.)/g, '$1'),
  );
}

/** The name and value of a variable; no value if there is no equals sign. */
export function splitAtEquals(entry: string): [name: string, value: string] {
  const equals = entry.indexOf('=');
  return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
}
