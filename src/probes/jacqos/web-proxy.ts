import { vault } from '../../vault/vault.ts';
import type { WebProxy } from '../io/http/http.ts';
import type { Address } from './address.ts';
import type { JacqosIo } from './jacqos-probe.ts';

/** The proxy that the usual variables give for an address; null for none. `unusable` says why one cannot be used. */
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
    return { unusable: `${variable} holds no address of a proxy` };
  }
  if (!/^https?:$/.test(url.protocol) || url.hostname === '')
    return { unusable: `${variable} names a ${url.protocol.slice(0, -1)} proxy, which the doctor cannot use` };
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
  if (secret !== '') vault.hold(secret, "the proxy's password");
  const basic = Buffer.from(`${decode(username)}:${secret}`, 'utf8').toString('base64');
  return vault.hold(`Basic ${basic}`, "the proxy's credentials");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether `no_proxy` lists a host: by name, by domain, with its port, or as `*`. */
function isExcepted(host: string, port: number, list: string): boolean {
  const name = host.toLowerCase();
  return list
    .split(/[\s,]+/)
    .map((pattern) => pattern.toLowerCase().replace(/^\*?\./, ''))
    .some((pattern) => {
      if (pattern === '*') return true;
      const [domain = '', onlyPort] = /^[^:]+:\d+$/.test(pattern) ? pattern.split(':') : [pattern];
      if (domain === '' || (onlyPort !== undefined && Number(onlyPort) !== port)) return false;
      return name === domain || name.endsWith(`.${domain}`);
    });
}
