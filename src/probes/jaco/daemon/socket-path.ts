import { notApplicable, type Outcome, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { probe } from '../jaco-probe.ts';
import { isSameSocket } from './is-same-socket.ts';
import { DEFAULT_CONFIG_PATH } from './jacod-config/default-config-path.ts';
import { jacodConfig } from './jacod-config.ts';
import { type Units, unit } from './unit.ts';

/** The path of the control socket. */
export type SocketPath = {
  readonly path: string;
  readonly from: 'given' | 'unit' | 'config' | 'default';
  /** Whether jaco.socket is configured to listen there, so that a connection can start a stopped daemon. */
  readonly activates: boolean;
  /** unix_socket of jacod.yaml, if systemd serves another path. The daemon's log then names the wrong one. */
  readonly label: string | null;
};

const DEFAULT_SOCKET_PATH = '/var/run/jaco/jaco.sock';

/** The path of the control socket. Not applicable if the user said that there is none. */
export const controlSocketPath = probe({
  name: 'jaco.socket-path',
  after: { unit: attempt(unit), config: attempt(jacodConfig) },
  deadlineMs: 500,
  async collect({ settings }, { unit, config }): Promise<Result<SocketPath>> {
    if (settings.socket === '') return notApplicable('an empty JACO_SOCKET or --socket excludes the control socket');
    const isOther = settings.config !== null && !isOfUnit(settings.config, unit);
    // The default socket may belong to another daemon than the file that the user names.
    if (settings.socket === null && isOther && config.kind === 'failed') return config;
    const listen = unit.kind === 'value' && unit.value.socket.load === 'loaded' ? unit.value.socket.listen : [];
    const configured = config.kind === 'value' ? (config.value.settings?.unixSocket ?? null) : null;
    const chosen = (): Pick<SocketPath, 'path' | 'from'> => {
      if (settings.socket !== null) return { path: settings.socket, from: 'given' };
      if (listen[0] !== undefined && !isOther) return { path: listen[0], from: 'unit' };
      return configured === null
        ? { path: DEFAULT_SOCKET_PATH, from: 'default' }
        : { path: configured, from: 'config' };
    };
    const { path, from } = chosen();
    const label = from === 'unit' && configured !== null && !isSameSocket(configured, path) ? configured : null;
    return value({ path, from, activates: listen.some((one) => isSameSocket(one, path)), label });
  },
});

/** Whether jaco.service is known to read this file. */
function isOfUnit(path: string, unit: Outcome<Units>): boolean {
  if (unit.kind !== 'value' || unit.value.service.load !== 'loaded') return false;
  const { configPath, configUnknown } = unit.value.service;
  return configUnknown === null && path === (configPath ?? DEFAULT_CONFIG_PATH);
}
