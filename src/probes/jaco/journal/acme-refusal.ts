/**
 * Why a certificate was not issued, from the words of the authority or the proxy
 * (docs/jaco-daemon/ingress.md#acme-errors). `dns`: the authority does not find the name. `connection`: it does not
 * reach port 80. `unauthorized`: another server answered the challenge. `wildcard`: HTTP-01 cannot prove such a name.
 * `ca-unreachable`, `ca-untrusted`: this node does not reach the authority, or does not trust its certificate.
 */
export type AcmeCause =
  | 'dns'
  | 'connection'
  | 'unauthorized'
  | 'rate-limited'
  | 'caa'
  | 'wildcard'
  | 'ca-unreachable'
  | 'ca-untrusted'
  | 'other';

/** The problem types of RFC 8555 that map to a cause. */
const PROBLEMS: { readonly [type: string]: AcmeCause } = {
  dns: 'dns',
  connection: 'connection',
  tls: 'connection',
  unauthorized: 'unauthorized',
  incorrectResponse: 'unauthorized',
  rateLimited: 'rate-limited',
  caa: 'caa',
};

/** The cause, from the words of a refusal. */
export function acmeCause(text: string): AcmeCause {
  const problem = /urn:ietf:params:acme:error:(\w{1,40})/.exec(text)?.[1];
  if (problem !== undefined) return (Object.hasOwn(PROBLEMS, problem) ? PROBLEMS[problem] : undefined) ?? 'other';
  if (text.includes('no solvers available for remaining challenges')) return 'wildcard';
  if (/x509: |tls: failed to verify certificate/.test(text)) return 'ca-untrusted';
  return /performing request: |provisioning client: |dial tcp/.test(text) ? 'ca-unreachable' : 'other';
}

/**
 * Whether a line also occurs on a healthy node: every reload of the configuration cancels running orders, and a
 * follower waits for the node that holds the lock (docs/jaco-daemon/ingress.md#acme-errors).
 */
export function isAcmeNoise(text: string): boolean {
  return /context canceled|stopping apps|key does not exist|lock_held/.test(text);
}
