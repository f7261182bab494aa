import { parseSystemctlShow, parseUnitTime, type UnitProperties } from '../../../io/systemctl-show.ts';
import { configSource, type EnvironmentFile, environmentFilePaths } from './config-source.ts';
import type { ServiceState, SocketState, Units } from './units.ts';

/** The properties to ask for. A unit of another kind omits those that it does not have. */
export const UNIT_PROPERTIES = [
  'Id',
  'LoadState',
  'ActiveState',
  'SubState',
  'Result',
  'UnitFileState',
  'FragmentPath',
  'DropInPaths',
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
  'EnvironmentFiles',
  'PassEnvironment',
  'UnsetEnvironment',
  'WorkingDirectory',
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

/** Paths and patterns of the files from which systemd takes variables for jaco.service. */
export function environmentFilesOf(text: string): readonly string[] {
  return parseSystemctlShow(text).flatMap((block) =>
    block.first('Id') === 'jaco.service' ? environmentFilePaths(block) : [],
  );
}

/** Parses `systemctl show jaco.service jaco.socket`; null if one of the two is missing. */
export function parseUnits(
  text: string,
  environmentFiles: readonly EnvironmentFile[] = [],
  manager: string | null = null,
): Units | null {
  const blocks = parseSystemctlShow(text);
  const service = blocks.find((block) => block.first('Id') === 'jaco.service');
  const socket = blocks.find((block) => block.first('Id') === 'jaco.socket');
  return service && socket
    ? { service: parseService(service, environmentFiles, manager), socket: socketOf(socket) }
    : null;
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

function parseService(
  shown: UnitProperties,
  environmentFiles: readonly EnvironmentFile[],
  manager: string | null,
): ServiceState {
  const { first: one } = shown;
  const command = one('ExecStart');
  const config = configSource(shown, environmentFiles, manager);
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
    configPath: config.kind === 'known' ? config.path : null,
    configNamedIn: [
      one('FragmentPath'),
      ...words(one('DropInPaths')),
      ...environmentFiles.map(({ path }) => path),
    ].filter((path) => path !== ''),
    configUnknown: config.kind === 'known' ? null : config.reason,
    // A leading - or + says how to treat a missing path; it is not part of the path.
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

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
