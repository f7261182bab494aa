import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import type { KeyPair } from '../key-pair.ts';
import { Listener } from '../listener.ts';
import { planeCertificate } from './certificates.ts';

/** The answer of a plane to every request. The answers of the real planes are not documented. */
export type Answer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly type?: string;
      readonly body?: string;
      readonly location?: string;
    }
  /** Accepts the request and does not answer, or stops in the middle of the body. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'half' };

/** A request that a plane received. */
export type ReceivedRequest = { readonly method: string; readonly path: string; readonly authorization: string | null };

/** An answer of that status with a JSON body. */
export function json(status: number, body: unknown): Answer {
  return { kind: 'answer', status, type: 'application/json', body: JSON.stringify(body) };
}

/** A management plane or a runtime cell: a real HTTPS server on loopback that can misbehave. */
export class Plane {
  readonly listener: Listener;
  readonly requests: ReceivedRequest[] = [];
  answer: Answer;
  /** Answers for single paths; they take precedence over {@link answer}. */
  readonly answersByPath = new Map<string, Answer>();
  #server: Server;
  #refusal: { readonly address: string; readonly close: () => void } | null = null;

  private constructor(answer: Answer) {
    this.answer = answer;
    this.#server = this.#serve(planeCertificate);
    this.listener = new Listener(
      { host: '127.0.0.1', port: 0 },
      (socket) => void this.#server.emit('connection', socket),
    );
  }

  static async open(answer: Answer): Promise<Plane> {
    const plane = new Plane(answer);
    await plane.listener.open();
    return plane;
  }

  get url(): string {
    return `https://${this.#refusal?.address ?? this.listener.address}`;
  }

  /**
   * Refuses connections from now on. Its port is the source port of an outgoing connection, so that no other process
   * takes it.
   */
  async refuse(): Promise<void> {
    await this.listener.close();
    const other = createTcpServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const socket = connect((other.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    const close = (): void => {
      socket.destroy();
      other.close();
    };
    this.#refusal = { address: `127.0.0.1:${socket.localPort}`, close };
  }

  /** Serves another certificate from now on. */
  showCertificate(certificate: KeyPair): void {
    this.#server = this.#serve(certificate);
  }

  async close(): Promise<void> {
    this.#refusal?.close();
    await this.listener.close();
  }

  #serve({ cert, key }: KeyPair): Server {
    return createServer({ cert, key }, (request, response) => this.#respond(request, response));
  }

  #respond({ method = '', url = '', headers }: IncomingMessage, response: ServerResponse): void {
    this.requests.push({ method, path: url, authorization: headers.authorization ?? null });
    const answer = this.answersByPath.get(url) ?? this.answer;
    if (answer.kind === 'silent') return;
    if (answer.kind === 'half') {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('half of it');
      return;
    }
    const { status, type = 'text/plain', body = '', location } = answer;
    response.writeHead(status, { 'Content-Type': type, ...(location === undefined ? {} : { Location: location }) });
    response.end(body);
  }
}
