import { factOf, failed, notApplicable, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { asFailed, callUnary, type Endpoint } from '../../io/grpc/grpc.ts';
import { certificateVerdict } from '../control/certificate-verdict.ts';
import { type ClusterCa, clusterCa } from '../control/cluster-ca.ts';
import { type ControlEndpoint, controlEndpoint, endpointOf } from '../control/control-endpoint.ts';
import { probe } from '../jaco-probe.ts';
import { knownLeader } from '../raft/known-leader.ts';
import { type OwnCertificate, ownCertificate } from './own-certificate.ts';
import { type TokenFormat, tokenFormat } from './token-format.ts';

/** The result for the given operator token. The token itself is not part of it. */
export type TokenAnswer =
  | { readonly kind: 'missing'; readonly how: 'absent' | 'empty' }
  /** Not sent: it has characters that no header can carry. */
  | { readonly kind: 'unsendable'; readonly shape: TokenFormat }
  | { readonly kind: 'refused'; readonly code: string; readonly said: string; readonly shape: TokenFormat }
  | { readonly kind: 'accepted'; readonly address: string };

const CALL_MS = 1_500;

/**
 * Tries the token with Tokens.List, which only reads (docs/jaco-daemon/control.md#rpcs). Only if a leader is known: a
 * node that restarted without one reports every valid token as unknown (docs/jaco-daemon/raft.md#no-quorum). Only to a
 * port that proved to belong to the cluster, because a token is never sent to another server.
 */
export const tokenAnswer = probe({
  name: 'jaco.token-trial',
  where: 'anywhere',
  after: { leader: knownLeader, endpoint: controlEndpoint, own: attempt(ownCertificate), ca: attempt(clusterCa) },
  deadlineMs: 4_000,
  async collect(io, { endpoint, own, ca }, signal): Promise<Result<TokenAnswer>> {
    if (io.token === null && endpoint.kind === 'socket')
      return notApplicable('no token was given; the control socket needs none');
    const token = io.token?.reveal() ?? '';
    if (token === '') return value({ kind: 'missing', how: io.token === null ? 'absent' : 'empty' });
    const shape = tokenFormat(token);
    if (!/^[\x20-\x7e]*$/.test(token)) return value({ kind: 'unsendable', shape });
    const port = endpoint.kind === 'port' ? provenPort(endpoint) : ownPort(factOf(own), factOf(ca));
    if (port === null)
      return failed(
        'withheld',
        'tls',
        'the token was not sent: no operator port was verified with the CA of the cluster',
        ownCertificate,
        { kind: 'flag', flag: '--ca-cert', value: 'FILE', why: "the cluster's node/ca.crt" },
      );
    io.phase('answer');
    const { TokensService } = await import('../../../wire/jaco.ts');
    const called = await callUnary(port, TokensService.list, {}, { limitMs: CALL_MS, signal, token });
    if (called.kind === 'response') return value({ kind: 'accepted', address: port.address });
    const { grpc, code, detail } = called.failure;
    // The daemon uses 16 only for tokens (docs/jaco-daemon/errors.md#error-codes).
    return grpc === 16
      ? value({ kind: 'refused', code: code ?? 'token_invalid', said: detail, shape })
      : asFailed(called.failure);
  },
});

type Port = Extract<Endpoint, { kind: 'tls' }>;

function provenPort(endpoint: ControlEndpoint): Port | null {
  const port = endpointOf(endpoint);
  return port.kind === 'tls' && port.trust.kind === 'ca' ? port : null;
}

/** This node's own operator port, if it showed a certificate that can be trusted. */
function ownPort(shown: OwnCertificate | null, ca: ClusterCa | null): Port | null {
  const own = shown?.targets.find((target) => target.own);
  if (ca === null || own?.hello.kind !== 'hello' || certificateVerdict(own.hello.leaf, Date.now()) !== 'good')
    return null;
  return { kind: 'tls', address: own.address, trust: { kind: 'ca', pem: ca.pem } };
}
