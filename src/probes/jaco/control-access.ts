import { failed, type Result, value } from '../../engine/outcome.ts';
import { attempt, derive } from '../../engine/probe.ts';
import { type Called, type CallOptions, callUnary, type Method } from '../io/grpc.ts';
import type { Io } from '../io/io.ts';
import { type ControlEndpoint, controlEndpoint, endpointOf } from './control-endpoint.ts';
import { knownLeader } from './known-leader.ts';
import { sayShape } from './token-shape.ts';
import { type TokenTrial, tokenTrial } from './token-trial.ts';

/** Where stored state can be asked for, and is the cluster's: whoever reads it rests on this. */
export type ControlAccess = { readonly endpoint: ControlEndpoint };

/** The socket needs no token. An operator port needs one that it accepted. */
export const controlAccess = derive({
  name: 'jaco.control-access',
  from: { leader: knownLeader, endpoint: controlEndpoint, trial: attempt(tokenTrial) },
  derive({ endpoint, trial }): Result<ControlAccess> {
    if (endpoint.kind === 'socket') return value({ endpoint });
    if (trial.kind !== 'value') return trial;
    if (trial.value.kind === 'accepted') return value({ endpoint });
    return failed('denied', 'token', reasonFor(trial.value), tokenTrial);
  },
});

function reasonFor(trial: Exclude<TokenTrial, { kind: 'accepted' }>): string {
  switch (trial.kind) {
    case 'missing':
      return 'no operator token was given, and over the network only the cluster status can be asked without one';
    case 'unsendable':
      return `the operator token cannot be sent: ${sayShape(trial.shape)}`;
    case 'refused':
      return `the operator token was refused: ${trial.said}`;
  }
}

/** One read of stored state. */
export function callControl<Req, Res>(
  io: Pick<Io, 'token'>,
  { endpoint }: ControlAccess,
  method: Method<Req, Res, false>,
  request: Req,
  options: Omit<CallOptions, 'token'>,
): Promise<Called<Res>> {
  const token =
    endpoint.kind === 'port' && endpoint.ca !== null && io.token !== null ? { token: io.token.reveal() } : {};
  return callUnary(endpointOf(endpoint), method, request, { ...options, ...token });
}
