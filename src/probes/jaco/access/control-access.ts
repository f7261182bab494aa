import type { NextStep } from '../../../engine/next-step.ts';
import { failed, type Result, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { type CallOptions, type CallResult, callStream, callUnary, type GrpcMethod } from '../../io/grpc/grpc.ts';
import { type ControlEndpoint, controlEndpoint, endpointOf } from '../control/control-endpoint.ts';
import type { JacoIo } from '../jaco-probe.ts';
import { knownLeader } from '../raft/known-leader.ts';
import { type TokenAnswer, tokenAnswer } from './token-answer.ts';
import { describeTokenFormat } from './token-format.ts';

/** The endpoint for reading the cluster's stored state. All probes of stored state depend on this. */
export type ControlAccess = { readonly endpoint: ControlEndpoint };

const GIVE_TOKEN: NextStep = {
  kind: 'do',
  text: 'Set JACO_TOKEN to a valid operator token of this cluster, and run again.',
};

/** The socket needs no token. An operator port needs one that it accepted. */
export const controlAccess = derive({
  name: 'jaco.control-access',
  from: { leader: knownLeader, endpoint: controlEndpoint, trial: attempt(tokenAnswer) },
  derive({ endpoint, trial }): Result<ControlAccess> {
    if (endpoint.kind === 'socket') return value({ endpoint });
    if (trial.kind !== 'value') return trial;
    if (trial.value.kind === 'accepted') return value({ endpoint });
    return failed('denied', 'token', reasonFor(trial.value), tokenAnswer, GIVE_TOKEN);
  },
});

function reasonFor(trial: Exclude<TokenAnswer, { kind: 'accepted' }>): string {
  switch (trial.kind) {
    case 'missing':
      return 'no operator token was given; without one, only the cluster status can be read over the network';
    case 'unsendable':
      return `the operator token cannot be sent: ${describeTokenFormat(trial.shape)}`;
    case 'refused':
      return `the operator token was rejected: ${trial.said}`;
  }
}

/** Time for one answer, in ms: a warm daemon takes 14, and 10,000 replicas are 4 MB. */
export const STORED_LIMIT_MS = 3_000;

/** One read of stored state. */
export function callControl<Req, Res>(
  io: Pick<JacoIo, 'token'>,
  { endpoint }: ControlAccess,
  method: GrpcMethod<Req, Res, false>,
  request: Req,
  options: Omit<CallOptions, 'token'>,
): Promise<CallResult<Res>> {
  return callUnary(endpointOf(endpoint), method, request, { ...options, ...credentials(io, endpoint) });
}

/** One read of stored state that is streamed, with at most `max` messages. */
export function streamControl<Req, Res>(
  io: Pick<JacoIo, 'token'>,
  { endpoint }: ControlAccess,
  method: GrpcMethod<Req, Res, true>,
  request: Req,
  options: Omit<CallOptions, 'token'> & { readonly max: number },
): Promise<CallResult<readonly Res[]>> {
  return callStream(endpointOf(endpoint), method, request, { ...options, ...credentials(io, endpoint) });
}

function credentials({ token }: Pick<JacoIo, 'token'>, endpoint: ControlEndpoint): Pick<CallOptions, 'token'> {
  return endpoint.kind === 'port' && endpoint.ca !== null && token !== null ? { token: token.reveal() } : {};
}
