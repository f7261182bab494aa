import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Behaviour, Listener } from '../listener.ts';
import { answerRequest } from './docker/answers.ts';
import type { DemoContainer, DemoEvent, DemoNetwork } from './docker/objects.ts';

/** A refused request: every path with this prefix gets this status and message. */
export type DockerRefusal = { readonly path: string; readonly status: number; readonly message: string };

/**
 * A stand-in for the Docker engine of one node: real HTTP on a real unix socket, with the answers of Docker 20.10 to
 * the doctor's requests. It runs no container.
 */
export class DemoDocker {
  readonly containers: DemoContainer[] = [];
  readonly networks: DemoNetwork[] = [];
  readonly events: DemoEvent[] = [];
  /** Names of images that this engine has. */
  readonly images = new Set<string>(['nginx:1']);
  readonly refusals: DockerRefusal[] = [];
  /** Every request, `METHOD path`, in order. */
  readonly requests: string[] = [];
  apiVersion = '1.41';
  readonly #listener: Listener;
  readonly #server: Server;

  constructor(path: string) {
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#listener = new Listener({ path }, (socket) => void this.#server.emit('connection', socket));
  }

  get socketPath(): string {
    return this.#listener.address;
  }

  async start(): Promise<void> {
    await this.#listener.open();
    this.#listener.behaviour = 'serve';
  }

  /** Stops it. After a kill, the file of the socket remains. */
  async stop(signal: 'clean' | 'kill' = 'clean'): Promise<void> {
    await this.#listener.close(signal === 'kill');
  }

  /** Sets the behaviour for new connections and drops the open ones. */
  setBehaviour(behaviour: Behaviour): void {
    this.#listener.behaviour = behaviour;
    this.#listener.drop();
  }

  async close(): Promise<void> {
    await this.#listener.close();
    this.#server.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://docker');
    this.requests.push(`${request.method} ${url.pathname}`);
    const refusal = this.refusals.find(({ path }) => url.pathname.startsWith(path));
    const { status, type, body } = refusal
      ? { status: refusal.status, type: 'application/json', body: JSON.stringify({ message: refusal.message }) }
      : answerRequest(this, url);
    response.writeHead(status, {
      'Api-Version': this.apiVersion,
      Server: 'Docker/20.10.24 (linux)',
      'Content-Type': type,
    });
    response.end(body);
  }
}
