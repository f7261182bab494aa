import { failed, type Result, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import type { Endpoint, Trust } from '../../io/grpc/grpc.ts';
import { controlConnect } from './control-connect.ts';
import { servers } from './servers.ts';

/** The endpoint of the daemon that this run examines: its socket, which needs no token, or its operator port. */
export type ControlEndpoint =
  | { readonly kind: 'socket'; readonly path: string }
  | {
      readonly kind: 'port';
      readonly address: string;
      /** Its member name; null if unknown. */
      readonly hostname: string | null;
      /** The CA, PEM, that verified it; null if it was not verified, and then no token is sent. */
      readonly ca: string | null;
      /** The address to which its name resolved, and the SHA-256 of the certificate that proved its identity. */
      readonly at: string | null;
      readonly leaf: string | null;
    };

/** The socket on a node; with `--server` the first port that answers. */
export const controlEndpoint = derive({
  name: 'jaco.control-endpoint',
  from: { connect: attempt(controlConnect), servers: attempt(servers) },
  derive({ connect, servers: asked }): Result<ControlEndpoint> {
    if (asked.kind === 'not-applicable')
      return connect.kind === 'value' ? value({ kind: 'socket', path: connect.value.path }) : connect;
    if (asked.kind === 'failed') return asked;
    const { lead, servers: all } = asked.value;
    if (lead !== null) {
      const { address, hostname, ca, at, leaf } = lead;
      return value({ kind: 'port', address, hostname, ca, at, leaf });
    }
    const answer = all[0]?.answer;
    if (answer?.kind !== 'failure') return failed('absent', 'connect', 'no server was asked', servers);
    const more = all.length === 1 ? '' : ` (none of ${all.length} servers answered; this is the first)`;
    return failed(answer.why, answer.phase, `${answer.detail}${more}`, servers);
  },
});

/** The endpoint for a call. An operator port that was not verified is asked too, as the daemons do among themselves. */
export function endpointOf(endpoint: ControlEndpoint): Endpoint {
  if (endpoint.kind === 'socket') return { kind: 'unix', path: endpoint.path };
  const { address, ca, at, leaf } = endpoint;
  const trust: Trust =
    ca === null ? { kind: 'unverified' } : { kind: 'ca', pem: ca, ...(leaf === null ? {} : { leaf }) };
  return { kind: 'tls', address, trust, ...(at === null ? {} : { at }) };
}
