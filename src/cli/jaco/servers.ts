import { access } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';

/** JACO's operator port, for an address without a port (docs/jaco-daemon/control.md#listeners). */
const OPERATOR_PORT = 7000;
/** Most servers that one run asks. */
const MAX_SERVERS = 64;

type Environment = { readonly [name: string]: string | undefined };

/**
 * The operator ports to ask, as `host:port`. Empty if this host itself is examined. `--server` always means the
 * network. JACO_SERVER, which JACO's own CLI ignores, counts only if nothing of JACO is on this host.
 */
export async function serversOf(given: readonly string[] | undefined, env: Environment): Promise<readonly string[]> {
  if (given !== undefined) return addressesOf(given, '--server');
  const named = (env['JACO_SERVER'] ?? '')
    .split(',')
    .map((address) => address.trim())
    .filter((address) => address !== '');
  if (named.length === 0 || (env['JACO_SOCKET'] !== '' && (await isNode(env['JACO_SOCKET'])))) return [];
  return addressesOf(named, 'JACO_SERVER');
}

function addressesOf(given: readonly string[], source: string): readonly string[] {
  const addresses = [...new Set(given.map((address) => addressOf(address.trim(), source)))];
  if (addresses.length > MAX_SERVERS)
    throw new UsageError(`${source}: ${addresses.length} servers; at most ${MAX_SERVERS} can be asked at once`);
  return addresses;
}

function addressOf(text: string, source: string): string {
  if (/^[a-z]+:\/\//i.test(text))
    throw new UsageError(`${source}: "${text}" is a URL; write host:port without the scheme`);
  const [, v6, host, port] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const name = v6 === undefined ? host : `[${v6}]`;
  const number = port === undefined ? OPERATOR_PORT : Number(port);
  if (name === undefined || name.length > 253 || number < 1 || number > 65_535)
    throw new UsageError(
      `${source}: "${text}" is not an address; write host:port, such as 10.0.0.4:7000 or [fd00::4]:7000`,
    );
  return `${name}:${number}`;
}

const INSTALLED_PATHS = [
  '/run/jaco',
  '/etc/systemd/system/jaco.service',
  '/usr/lib/systemd/system/jaco.service',
  '/lib/systemd/system/jaco.service',
];

/** Whether this host has a socket or unit of JACO. A path that may not be read counts as present. */
async function isNode(socket: string | undefined): Promise<boolean> {
  const exist = await Promise.all(
    [...(socket === undefined ? [] : [socket]), ...INSTALLED_PATHS].map((path) =>
      access(path).then(
        () => true,
        (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
      ),
    ),
  );
  return exist.includes(true);
}
