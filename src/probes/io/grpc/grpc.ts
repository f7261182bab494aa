import { type CallOptions, type CallResult, call } from './call.ts';
import type { Endpoint } from './channel.ts';

export type { CallOptions, CallResult } from './call.ts';
export { type Endpoint, type Trust, tcpTarget } from './channel.ts';
export { asFailed, type CallFailure } from './failure.ts';

/** A method as ts-proto declares it in `src/wire/jaco.ts`. */
export type GrpcMethod<Req, Res, Streams extends boolean> = {
  readonly path: string;
  readonly requestStream: false;
  readonly responseStream: Streams;
  readonly requestSerialize: (request: Req) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Res;
};

/** One unary call on its own channel. Never throws, never retries, sends no pings. */
export function callUnary<Req, Res>(
  endpoint: Endpoint,
  method: GrpcMethod<Req, Res, false>,
  request: Req,
  options: CallOptions,
): Promise<CallResult<Res>> {
  return call(endpoint, options, (client, metadata, deadline, settle) =>
    client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      metadata,
      { deadline },
      (error, response) => settle(error, response),
    ),
  );
}

/** One call with a streamed answer, cancelled after `max` messages. */
export function callStream<Req, Res>(
  endpoint: Endpoint,
  method: GrpcMethod<Req, Res, true>,
  request: Req,
  options: CallOptions & { readonly max: number },
): Promise<CallResult<readonly Res[]>> {
  return call<readonly Res[]>(endpoint, options, (client, metadata, deadline, settle) => {
    const messages: Res[] = [];
    const stream = client.makeServerStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      metadata,
      { deadline },
    );
    stream.on('data', (message: Res) => {
      if (messages.push(message) < options.max) return;
      settle(null, messages);
      stream.cancel();
    });
    stream.on('end', () => settle(null, messages));
    stream.on('error', (error) => settle(error, undefined));
    return stream;
  });
}
