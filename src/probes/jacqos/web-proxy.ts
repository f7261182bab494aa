import { BlockList, isIP } from 'node:net';
import { vault } from '../../vault/vault.ts';
import type { WebProxy } from '../io/http/http.ts';
import type { Address } from './address.ts';
import type { JacqosIo } from './jacqos-probe.ts';

/** The proxy from the usual variables for an address; null for none. `unusable` says why one cannot be used. */
export type ProxyChoice = WebProxy | null | { readonly unusable: string };

/**
 * Selects the proxy as curl does: `no_proxy` first, then by scheme, lower case before upper case. Credentials go to the
 * vault.
 */
export function proxyFor({ secure, host, port }: Address, env: JacqosIo['env']): ProxyChoice {
  const names = [secure ? 'https_proxy' : 'http_proxy', 'all_proxy'];
  // A client of a CGI script can set HTTP_PROXY; curl ignores it too.
  const variable = names
    .flatMap((name) => (name === 'http_proxy' ? [name] : [name, name.toUpperCase()]))
    .find((name) => (env[name] ?? '') !== '');
  if (variable === undefined || isExcepted(host, port, env['no_proxy'] ?? env['NO_PROXY'] ?? '')) return null;
  const text = env[variable] ?? '';
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return { unusable: `${variable} does not contain the address of a proxy` };
  }
  if (!/^https?:$/.test(url.protocol) || url.hostname === '')
    return {
      unusable: `${variable} names a ${url.protocol.slice(0, -1)} proxy, which this program cannot use: curl and jacqos may`,
    };
  return {
    secure: url.protocol === 'https:',
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
    authorization: credentialsOf(url),
  };
}

function credentialsOf({ username, password }: URL): WebProxy['authorization'] {
  if (username === '' && password === '') return null;
  const secret = decode(password);
  if (secret !== '') vault.add(secret, "the proxy's password");
  const basic = Buffer.from(`${decode(username)}:${secret}`, 'utf8').toString('base64');
  return vault.add(`Basic ${basic}`, "the proxy's credentials");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether `no_proxy` lists a host: by name, by domain, with its port, by a range of addresses, or as `*`. */
function isExcepted(host: string, port: number, list: string): boolean {
  const name = host.toLowerCase();
  return list
    .split(/[\s,]+/)
    .map((pattern) =>
      pattern
        .toLowerCase()
        .replace(/^\*?\./, '')
        .replace(/^\[(.*)\]$/, '$1'),
    )
    .some((pattern) => {
      if (pattern === '*' || isInRange(host, pattern)) return true;
      const [domain = '', onlyPort] = /^[^:]+:\d+$/.test(pattern) ? pattern.split(':') : [pattern];
      if (domain === '' || (onlyPort !== undefined && Number(onlyPort) !== port)) return false;
      return name === domain || name.endsWith(`.${domain}`);
    });
}

/** Whether an address is in a range such as 10.0.0.0/8. A name is not resolved for that, as in curl and Go. */
function isInRange(host: string, pattern: string): boolean {
  const [, network, length] = /^([0-9a-f.:]+)\/(\d{1,3})$/.exec(pattern) ?? [];
  if (network === undefined || isIP(host) === 0 || isIP(network) !== isIP(host)) return false;
  const family = isIP(host) === 4 ? 'ipv4' : 'ipv6';
  if (Number(length) > (family === 'ipv4' ? 32 : 128)) return false;
  const range = new BlockList();
  range.addSubnet(network, Number(length), family);
  return range.check(host, family);
}

/** The ranges of `no_proxy`, if the host is a name: no range can except a name. */
export function exceptionHint({ host }: Address, env: JacqosIo['env']): string {
  const ranges = (env['no_proxy'] ?? env['NO_PROXY'] ?? '')
    .split(/[\s,]+/)
    .filter((pattern) => /^[0-9a-f.:]+\/\d+$/i.test(pattern));
  if (ranges.length === 0 || isIP(host) !== 0) return '';
  return `; ${env['no_proxy'] === undefined ? 'NO_PROXY' : 'no_proxy'} has the range ${ranges[0]}, which excepts addresses and not the name ${host}`;
}
