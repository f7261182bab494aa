import { holdEnvironment } from '../../../../vault/hold-environment.ts';
import { parseSystemctlShow, parseUnitTime, type UnitProperties } from '../../../io/systemctl-show.ts';
import type { ServiceState, SocketState, Units } from './units.ts';

/** The properties to ask for; a unit of another kind leaves out those it does not have. */
export const PROPERTIES = [
  'Id',
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'UnitFileState',
  'FragmentPath',
  'NeedDaemonReload',
  'NRestarts',
  'MainPID',
  'ExecMainCode',
  'ExecMainStatus',
  'ExecMainStartTimestamp',
  'ExecMainExitTimestamp',
  'ActiveEnterTimestamp',
  'InactiveEnterTimestamp',
  'InvocationID',
  'User',
  'Group',
  'ExecStart',
  'Environment',
  'ReadWritePaths',
  'StateDirectory',
  'ProtectSystem',
  'PrivateTmp',
  'RestartUSec',
  'SupplementaryGroups',
  'Listen',
  'SocketGroup',
  'SocketMode',
] as const;

/** Reads `systemctl show jaco.service jaco.socket`; null where one of the two is not in it. */
export function parseShow(text: string): Units | null {
  const blocks = parseSystemctlShow(text);
  const service = blocks.find((block) => block.first('Id') === 'jaco.service');
  const socket = blocks.find((block) => block.first('Id') === 'jaco.socket');
  return service && socket ? { service: parseService(service), socket: socketOf(socket) } : null;
}

function unitStateOf({ first: one }: UnitProperties) {
  return {
    load: one('LoadState'),
    active: one('ActiveState'),
    sub: one('SubState'),
    result: one('Result'),
    enabled: one('UnitFileState'),
    fragment: one('FragmentPath') || null,
    needsReload: one('NeedDaemonReload') === 'yes',
  };
}

function parseService(shown: UnitProperties): ServiceState {
  const { first: one } = shown;
  const command = one('ExecStart');
  const environment = environmentOf(one('Environment'));
  holdEnvironment(environment, ' of the daemon');
  const arguments_ = /argv\[\]=([^;]*) ;/.exec(command)?.[1]?.trim().split(/\s+/).slice(1) ?? [];
  return {
    ...unitStateOf(shown),
    restarts: Number(one('NRestarts')) || 0,
    mainPid: Number(one('MainPID')) || null,
    exit: exitOf(one('ExecMainCode'), one('ExecMainStatus')),
    activeSinceMs: parseUnitTime(one('ActiveEnterTimestamp')),
    inactiveSinceMs: parseUnitTime(one('InactiveEnterTimestamp')),
    startedAtMs: parseUnitTime(one('ExecMainStartTimestamp')),
    exitedAtMs: parseUnitTime(one('ExecMainExitTimestamp')),
    invocation: one('InvocationID') || null,
    user: one('User'),
    group: one('Group') || null,
    supplementaryGroups: words(one('SupplementaryGroups')),
    execPath: /path=([^;]+?) ;/.exec(command)?.[1] ?? null,
    configPath: configArgument(arguments_) ?? environment.get('JACO_CONFIG') ?? null,
    // A leading - or + says what to do with a path that is missing, not where it is.
    readWritePaths: words(one('ReadWritePaths')).map((path) => path.replace(/^[-+]+/, '')),
    stateDirectories: words(one('StateDirectory')).map((name) => `/var/lib/${name.split(':')[0]}`),
    protectSystem: one('ProtectSystem') || 'no',
    privateTmp: one('PrivateTmp') === 'yes',
  };
}

function socketOf(shown: UnitProperties): SocketState {
  const listen = shown.all('Listen').flatMap((line) => /^(\/.*) \(Stream\)$/.exec(line)?.[1] ?? []);
  const mode = shown.first('SocketMode');
  return {
    ...unitStateOf(shown),
    listen,
    socketGroup: shown.first('SocketGroup') || null,
    socketMode: /^[0-7]+$/.test(mode) ? Number.parseInt(mode, 8) : null,
  };
}

/** CLD_EXITED, CLD_KILLED and CLD_DUMPED of wait(2); 0 while it runs. */
function exitOf(code: string, status: string): ServiceState['exit'] {
  const how = ({ 1: 'exited', 2: 'killed', 3: 'dumped' } as const)[code];
  return how === undefined ? null : { how, status: Number(status) || 0 };
}

/** `--config PATH` or `--config=PATH`, with one dash or two as Go's flags take them; the last one wins. */
export function configArgument(words: readonly string[]): string | null {
  let configPath: string | null = null;
  for (const [index, word] of words.entries()) {
    if (word === '-config' || word === '--config') configPath = words[index + 1] ?? null;
    else if (/^--?config=/.test(word)) configPath = word.slice(word.indexOf('=') + 1);
  }
  return configPath;
}

/** `A=b "C=d e"` as systemd prints it. */
function environmentOf(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const [, quoted, bare] of text.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)) {
    variables.set(...splitAtEquals(quoted === undefined ? (bare as string) : quoted.replace(/\\(.)/g, '$1')));
  }
  return variables;
}

/** A variable's name and value; no value where there is no equals sign. */
export function splitAtEquals(entry: string): [name: string, value: string] {
  const equals = entry.indexOf('=');
  return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
