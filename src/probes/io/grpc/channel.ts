import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type { ChannelCredentials, ClientOptions } from '@grpc/grpc-js';
import { secureContextOf } from '../secure-context.ts';
import { SERVER_NAME_FOR_ADDRESS } from '../tls.ts';
import type { ConnectTarget } from '../try-connect.ts';
import { CERTIFICATE_CHANGED } from './failure.ts';

type Grpc = typeof import('@grpc/grpc-js');

/**
 * What a TLS call trusts: certificates of this CA for the dialled address, or any certificate. `leaf` is the SHA-256 of
 * the expected certificate (`AB:CD:…`), if one is known: behind a load balancer each call may reach another daemon.
 */
export type Trust =
  | { readonly kind: 'ca'; readonly pem: string; readonly leaf?: string }
  | { readonly kind: 'unverified' };

/**
 * The endpoint of a daemon: its socket, without TLS, or its `host:port`, over TLS. `at` is the address to which its
 * name resolved before, because a name of several daemons may resolve differently each time.
 */
export type Endpoint =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tls'; readonly address: string; readonly trust: Trust; readonly at?: string };

/**
 * Largest accepted response, in bytes: Deploy.Status contains every whole manifest
 * (docs/jaco-daemon/control.md#server-options).
 */
const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/** The target of the connect; null if the endpoint has no valid one. */
export function connectTargetOf(endpoint: Endpoint): ConnectTarget | null {
  if (endpoint.kind === 'unix') return endpoint.path === '' ? null : { path: endpoint.path };
  const target = tcpTarget(endpoint.address);
  return target === null || endpoint.at === undefined ? target : { ...target, host: endpoint.at };
}

/** Parses `host:port`; null for anything else. Addresses of other nodes are untrusted. */
export function tcpTarget(address: string): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9_.-]+)):(\d{1,5})$/.exec(address);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port < 1 || port > 65_535 || host.length > 253 ? null : { host, port };
}

/**
 * The parameters of a channel to an endpoint. `target` is the socket, or the IP address of the endpoint; `onTrusted` is
 * called when the TLS handshake succeeded and the certificate is trusted.
 */
export type ChannelParameters = {
  readonly target: string;
  readonly credentials: ChannelCredentials;
  readonly options: ClientOptions;
};

export function channelParameters(
  grpc: Grpc,
  endpoint: Endpoint,
  target: ConnectTarget,
  onTrusted: () => void,
): ChannelParameters {
  const options: ClientOptions = {
    'grpc.max_receive_message_length': MAX_RESPONSE_BYTES,
    'grpc.enable_http_proxy': 0,
    'grpc.enable_retries': 0,
    'grpc.enable_channelz': 0,
    'grpc.service_config_disable_resolution': 1,
    // Its own subchannel, so that closing the channel closes the connection.
    'grpc.use_local_subchannel_pool': 1,
  };
  if (endpoint.kind === 'unix' || 'path' in target)
    return {
      target: `unix:${'path' in target ? target.path : ''}`,
      credentials: grpc.credentials.createInsecure(),
      options,
    };

  const { host: at, port } = target;
  const { trust, address } = endpoint;
  const host = tcpTarget(address)?.host ?? at;
  const verify = (_name: string, certificate: PeerCertificate): Error | undefined => {
    const isAnotherCertificate =
      trust.kind === 'ca' && trust.leaf !== undefined && trust.leaf !== certificate.fingerprint256;
    if (isAnotherCertificate) return new Error(CERTIFICATE_CHANGED);
    // The server name is not the name to verify: the certificate must cover the dialled host or address.
    const error = trust.kind === 'ca' ? checkServerIdentity(host, certificate) : undefined;
    if (error === undefined) onTrusted();
    return error;
  };
  // Not createSsl, because GRPC_SSL_CIPHER_SUITES in the environment changes its ciphers.
  const context = secureContextOf(trust.kind === 'ca' ? trust.pem : null);
  return {
    target: isIP(at) === 6 ? `ipv6:[${at}]:${port}` : `ipv4:${at}:${port}`,
    credentials: grpc.credentials.createFromSecureContext(context, {
      rejectUnauthorized: trust.kind === 'ca',
      checkServerIdentity: verify,
    }),
    options: { ...options, 'grpc.ssl_target_name_override': isIP(host) === 0 ? host : SERVER_NAME_FOR_ADDRESS },
  };
}
