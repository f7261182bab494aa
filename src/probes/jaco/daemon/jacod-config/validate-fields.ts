import type { ConfigFields } from './decode-fields.ts';
import { goDuration } from './go-duration.ts';
import { cidrLength, ipv4Bytes, isHttpsUrl, splitHostPort, withDnsPort } from './go-net.ts';
import { goQuote } from './go-quote.ts';

/**
 * The first value that the daemon's own validation rejects (docs/jaco-daemon/daemon.md#config): the key, the text, and
 * a forwarder's value.
 */
export type ConfigRefusal = {
  readonly kind: 'loop' | 'invalid';
  readonly key: string;
  readonly message: string;
  readonly value: string | null;
};

const SECOND = 1_000_000_000n;
const MIN_INTERVAL = 5n * SECOND;
const MAX_INTERVAL = 300n * SECOND;

/** Validates in the daemon's order, and stops at the first error as the daemon does; null if it accepts the values. */
export function validateFields(fields: ConfigFields): ConfigRefusal | null {
  const refuse = (key: string, message: string): ConfigRefusal => ({ kind: 'invalid', key, message, value: null });
  if (fields.data_dir === '') return refuse('data_dir', 'data_dir is required');
  for (const key of ['listen_addr', 'cluster_addr'] as const) {
    if (fields[key] === '') return refuse(key, `${key} is required`);
    const split = splitHostPort(fields[key]);
    if (split.kind === 'error') return refuse(key, `${key} ${goQuote(fields[key])} is not host:port: ${split.text}`);
  }
  if (fields.cluster_addr === fields.listen_addr)
    return refuse('cluster_addr', 'cluster_addr and listen_addr must differ');
  if (fields.unix_socket === '') return refuse('unix_socket', 'unix_socket is required');
  if (fields.wg_port <= 0n || fields.wg_port > 65535n)
    return refuse('wg_port', `wg_port ${fields.wg_port} is out of range`);
  if (!['debug', 'info', 'warn', 'error'].includes(fields.log_level))
    return refuse('log_level', `log_level ${goQuote(fields.log_level)} must be debug|info|warn|error`);
  if (fields.acme_ca !== '' && !isHttpsUrl(fields.acme_ca))
    return refuse('acme_ca', `acme_ca ${goQuote(fields.acme_ca)} must be an https URL`);
  if (fields.ipam_pool === '') return refuse('ipam_pool', 'ipam_pool is required');
  const length = cidrLength(fields.ipam_pool);
  const pool = `ipam_pool ${goQuote(fields.ipam_pool)}`;
  if (length === null) return refuse('ipam_pool', `${pool} is not a CIDR: invalid CIDR address: ${fields.ipam_pool}`);
  if (length !== 16) return refuse('ipam_pool', `${pool} must be a /16 (got /${length})`);
  const interval = fields.node_status_interval;
  if (interval !== 0n && (interval < MIN_INTERVAL || interval > MAX_INTERVAL))
    return refuse('node_status_interval', `node_status_interval ${goDuration(interval)} must be between 5s and 5m0s`);
  for (const forwarder of fields.forwarders) {
    const refusal = forwarderRefusal(forwarder);
    if (refusal !== null) return refusal;
  }
  if (fields.forwarder_timeout < 0n)
    return refuse(
      'dns.forwarder_timeout',
      `dns.forwarder_timeout ${goDuration(fields.forwarder_timeout)} must be >= 0`,
    );
  return null;
}

function forwarderRefusal(text: string): ConfigRefusal | null {
  const key = 'dns.forwarders';
  const quoted = `${key}[${goQuote(text)}]`;
  const split = splitHostPort(withDnsPort(text));
  if (split.kind === 'error')
    return { kind: 'invalid', key, message: `${quoted}: not host[:port]: ${split.text}`, value: text };
  const loop = loopOf(split.host);
  const message = `${quoted}: ${loop}; configuring it as an upstream would create a forwarding loop`;
  return loop === null ? null : { kind: 'loop', key, message, value: text };
}

/** The daemon's description of an address that leads back to itself; null for all others and for names. */
function loopOf(host: string): string | null {
  const bytes = ipv4Bytes(host);
  if (bytes === null) return null;
  // Any 127.x.y.11, although the text names one address.
  if (bytes[0] === 127 && bytes[3] === 11) return "127.0.0.11 is docker's embedded resolver";
  return bytes[0] === 10 && bytes[1] === 244 && bytes[3] === 1 ? '10.244.*.1 is a JACO bridge gateway' : null;
}
