import { isIP } from 'node:net';
import { checkServerIdentity, createSecureContext, type PeerCertificate } from 'node:tls';
import type { ChannelCredentials, ClientOptions } from '@grpc/grpc-js';
import type { ConnectTarget } from '../connect.ts';
import { CERTIFICATE_CHANGED } from './failure.ts';

type Grpc = typeof import('@grpc/grpc-js');

/**
 * Whom a TLS call trusts: those whom this CA signed, for the address that is dialled, or anybody. `leaf` is the SHA-256 of
 * the one certificate that is meant (`AB:CD:…`), where one was seen: behind a load balancer each call may meet another daemon.
 */
export type Trust =
  | { readonly kind: 'ca'; readonly pem: string; readonly leaf?: string }
  | { readonly kind: 'unverified' };

/**
 * Where a daemon is called: its socket, in plain, or its `host:port`, over TLS. `at` is the address that its name led to
 * before: a name of several daemons leads to another one each time.
 */
export type Endpoint =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tls'; readonly address: string; readonly trust: Trust; readonly at?: string };

/**
 * Largest answer that is taken, in bytes: Deploy.Status carries every manifest whole
 * (docs/jaco-daemon/control.md#server-options).
 */
const MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/** Sent as TLS server name for an address: Node would warn (DEP0123) about an address there, and jacod ignores it. */
const SERVER_NAME_FOR_ADDRESS = 'jacod';

/** The place to connect to, or null where there is none. */
export function connectTargetOf(endpoint: Endpoint): ConnectTarget | null {
  if (endpoint.kind === 'unix') return endpoint.path === '' ? null : { path: endpoint.path };
  const target = tcpTarget(endpoint.address);
  return target === null || endpoint.at === undefined ? target : { ...target, host: endpoint.at };
}

/** Reads `host:port`, or null where an address is not that: those of other nodes come from outside. */
export function tcpTarget(address: string): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9_.-]+)):(\d{1,5})$/.exec(address);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port < 1 || port > 65_535 || host.length > 253 ? null : { host, port };
}

/**
 * What a channel to an endpoint is opened with. `place` is the socket, or the IP address that the endpoint's name was found
 * at; `secured` is called once TLS has come about and is trusted.
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
    // A channel of its own, so that closing it closes its connection.
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
    // The name in the hello is not the one to be proven: the certificate must carry the host or address dialled.
    const error = trust.kind === 'ca' ? checkServerIdentity(host, certificate) : undefined;
    if (error === undefined) onTrusted();
    return error;
  };
  // Not createSsl, for which a variable meant for other programs (GRPC_SSL_CIPHER_SUITES) decides what is met here.
  const context = createSecureContext(trust.kind === 'ca' ? { ca: trust.pem } : {});
  return {
    target: isIP(at) === 6 ? `ipv6:[${at}]:${port}` : `ipv4:${at}:${port}`,
    credentials: grpc.credentials.createFromSecureContext(context, {
      rejectUnauthorized: trust.kind === 'ca',
      checkServerIdentity: verify,
    }),
    options: { ...options, 'grpc.ssl_target_name_override': isIP(host) === 0 ? host : SERVER_NAME_FOR_ADDRESS },
  };
}
