import { checkServerIdentity } from 'node:tls';
import { type ChannelCredentials, Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Json } from '../../src/engine/json.ts';
import {
  AuditEvent,
  AuditEventType,
  ClusterStatusResponse,
  DeployStatusResponse,
  GetReplicasResponse,
  GetRouteRequest,
  NodeListResponse,
  NodeStatus,
  RegistryCredentialsListResponse,
  SuffrageKind,
  TokensListResponse,
} from '../../src/wire/jaco.ts';

/** One call of a capture, made with grpc-js alone. */
export type Ask = {
  readonly target: string;
  readonly credentials: ChannelCredentials;
  readonly path: string;
  readonly authorization?: string | undefined;
  readonly nameOverride?: string | undefined;
  readonly domain?: string | undefined;
  readonly deadlineMs?: number | undefined;
};

const STREAMS = new Set(['/jaco.v1.Audit/Query']);

const decoders: Record<string, (bytes: Buffer) => object> = {
  '/jaco.v1.Cluster/Status': (bytes) => ClusterStatusResponse.decode(bytes),
  '/jaco.v1.Cluster/NodeList': (bytes) => NodeListResponse.decode(bytes),
  '/jaco.v1.Deploy/Status': (bytes) => DeployStatusResponse.decode(bytes),
  '/jaco.v1.Deploy/GetReplicas': (bytes) => GetReplicasResponse.decode(bytes),
  '/jaco.v1.Tokens/List': (bytes) => TokensListResponse.decode(bytes),
  '/jaco.v1.RegistryCredentials/List': (bytes) => RegistryCredentialsListResponse.decode(bytes),
  '/jaco.v1.Audit/Query': (bytes) => AuditEvent.decode(bytes),
};

/** The server name of a call to an address: grpc-js gives the address, which Node 26 rejects. */
const NAME_OF_ADDRESS = 'localhost';

/**
 * TLS that trusts `ca`, or Node's CAs if it is null, and compares the certificate with the address HOST:PORT that is
 * called.
 */
export function trusting(ca: string | null, address: string): ChannelCredentials {
  const host = address.slice(0, address.lastIndexOf(':'));
  return credentials.createSsl(ca === null ? null : Buffer.from(ca), null, null, {
    checkServerIdentity: (name, shown) => checkServerIdentity(name === NAME_OF_ADDRESS ? host : name, shown),
  });
}

/** Makes the call and returns the answer in the form of the captures. */
export async function ask(given: Ask): Promise<Json> {
  const options = { 'grpc.ssl_target_name_override': given.nameOverride ?? NAME_OF_ADDRESS };
  const client = new Client(given.target, given.credentials, options);
  const metadata = new Metadata();
  if (given.authorization !== undefined) metadata.set('authorization', given.authorization);
  const body =
    given.domain === undefined
      ? Buffer.alloc(0)
      : Buffer.from(GetRouteRequest.encode({ domain: given.domain }).finish());
  const pass = (bytes: Buffer) => bytes;
  const deadline = { deadline: Date.now() + (given.deadlineMs ?? 4_000) };
  const show = (bytes: Buffer) => plainShape((decoders[given.path] ?? (() => ({})))(bytes));
  try {
    return await new Promise<Json>((resolve) => {
      let initial: Json = {};
      if (STREAMS.has(given.path)) {
        const response: Json[] = [];
        const call = client.makeServerStreamRequest(given.path, pass, pass, body, metadata, deadline);
        call.on('data', (bytes: Buffer) => response.push(show(bytes)));
        call.on('error', (error: ServiceError) => resolve({ error: shownError(error), response }));
        call.on('end', () => resolve({ response }));
        return;
      }
      const call = client.makeUnaryRequest(given.path, pass, pass, body, metadata, deadline, (error, bytes) => {
        if (error !== null) resolve({ error: shownError(error) });
        else resolve({ response: show(bytes ?? Buffer.alloc(0)), initial_metadata: initial });
      });
      call.on('metadata', (received: Metadata) => {
        initial = received.toJSON() as unknown as Json;
      });
    });
  } finally {
    client.close();
  }
}

function shownError(error: ServiceError): Json {
  const { code, details, message, metadata } = error;
  const trailer = metadata.get('grpc-status-details-bin')[0];
  const hex = trailer === undefined ? null : Buffer.from(trailer).toString('hex');
  const entries: Record<string, Json> = {};
  for (const key of Object.keys(metadata.getMap())) {
    entries[key] = metadata
      .get(key)
      .map((value) => (typeof value === 'string' ? value : `hex:${value.toString('hex')}`));
  }
  return { code, code_name: status[code] ?? '', details, message, metadata: entries, status_details_bin_hex: hex };
}

/** A decoded message with the names of the wire, enums by name, bytes in base64 and null for what is absent. */
function plainShape(message: object): Json {
  return JSON.parse(
    JSON.stringify(message, function (this: Record<string, unknown>, key, value: unknown) {
      const own = this[key];
      if (own instanceof Uint8Array) return Buffer.from(own).toString('base64');
      if (own === undefined && key !== '') return null;
      if (key === 'kind') return SuffrageKind[value as number];
      if (key === 'status' && 'grpcAddress' in this) return NodeStatus[value as number];
      if (key === 'type' && 'payload' in this) return AuditEventType[value as number];
      if (value === null || typeof value !== 'object' || Array.isArray(value) || key === 'payload') return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, field]) => [name, field === undefined ? null : field]),
      );
    }),
    (_key, value: unknown) => {
      if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
      const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return Object.fromEntries(Object.entries(value).map(([name, field]) => [snake(name), field]));
    },
  );
}
