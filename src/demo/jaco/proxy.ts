import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { KeyPair } from '../key-pair.ts';
import { Listener } from '../listener.ts';
import { type HeldPort, holdPort } from './held-port.ts';
import { proxyDocument } from './proxy-document.ts';
import type { ReplicatedState } from './replicated-state.ts';
import { serveTlsByName } from './tls-by-name.ts';

/**
 * The stand-in for the proxy of one node: an admin endpoint with the configuration that a real proxy would have, and
 * listeners for HTTP and HTTPS. It listens from its first route on, like a real proxy, and forwards nothing.
 */
export class DemoProxy {
  readonly admin: Listener;
  readonly http: Listener;
  readonly https: Listener;
  /** Another answer of the admin endpoint: an older configuration, or null if none was loaded. */
  loaded: 'current' | { readonly document: unknown } = 'current';
  /** Paths that were requested from the admin endpoint, in order. */
  readonly requests: string[] = [];
  /** The certificates that it has loaded, by domain. */
  readonly certificates = new Map<string, KeyPair>();
  /** The server on the port for HTTP: the proxy, or another web server with a redirect. */
  web: { readonly kind: 'proxy' } | { readonly kind: 'redirect'; readonly to: string } = { kind: 'proxy' };
  readonly #content: ReplicatedState;
  readonly #servers: readonly Server[];
  #held: HeldPort | null = null;

  /** `ports` are those for HTTP and HTTPS; 0 means any free port. */
  constructor(ip: string, content: ReplicatedState, ports: { readonly http: number; readonly https: number }) {
    this.#content = content;
    const admin = createServer((request, response) => this.#answerAdmin(request, response));
    const web = createServer((request, response) => this.#answerWeb(request, response));
    this.#servers = [admin, web];
    this.admin = new Listener({ host: '127.0.0.1', port: 0 }, (socket) => void admin.emit('connection', socket));
    this.http = new Listener({ host: ip, port: ports.http }, (socket) => void web.emit('connection', socket));
    this.https = new Listener({ host: ip, port: ports.https }, (socket) => this.serveTls(socket));
  }

  /** The ports; 0 before the start. */
  get ports(): { readonly admin: number; readonly http: number; readonly https: number } {
    const portOf = ({ address }: Listener): number => Number(address.slice(address.lastIndexOf(':') + 1));
    return {
      admin: portOf(this.admin),
      http: this.#held?.port ?? portOf(this.http),
      https: portOf(this.https),
    };
  }

  /** Serves a connection to the port for HTTPS. */
  serveTls(socket: Socket): void {
    serveTlsByName(socket, this.certificates);
  }

  /** Listens on free ports, unless it listens already. */
  async start(): Promise<void> {
    if (this.#held !== null) return;
    await Promise.all([this.admin.open(), this.http.open(), this.https.open()]);
  }

  /**
   * Another program holds the port for HTTP before the proxy is started: nothing is loaded, and the port for HTTPS is
   * closed as well (docs/jaco-daemon/ingress.md#port-conflicts).
   */
  async startWithoutPort(): Promise<void> {
    this.loaded = { document: null };
    this.#held = await holdPort();
    await this.https.open();
    await Promise.all([this.http.close(), this.https.close(), this.admin.open()]);
  }

  /** Keeps the current configuration; later changes are not shown. */
  freeze(): void {
    this.loaded = { document: proxyDocument(this.#content, this.ports) };
  }

  async close(): Promise<void> {
    this.#held?.release();
    await Promise.all([this.admin.close(), this.http.close(), this.https.close()]);
    for (const server of this.#servers) server.close();
  }

  #answerAdmin(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    const document = this.loaded === 'current' ? proxyDocument(this.#content, this.ports) : this.loaded.document;
    response.writeHead(request.url === '/config/' ? 200 : 404, { 'Content-Type': 'application/json' });
    response.end(`${JSON.stringify(document)}\n`);
  }

  /**
   * An unknown host is 404, a `tls: auto` domain 308, a route without an upstream 503
   * (docs/jaco-daemon/ingress.md#routing). The challenge path comes before all of them
   * (docs/jaco-daemon/ingress.md#challenge-path).
   */
  #answerWeb({ headers, url = '/' }: IncomingMessage, response: ServerResponse): void {
    const { routes } = this.#content.deploy;
    if (this.web.kind === 'redirect') {
      response.writeHead(301, { Server: 'nginx', Location: this.web.to }).end();
    } else if (url.startsWith('/.well-known/acme-challenge/') && routes.some(({ tlsAuto }) => tlsAuto)) {
      response
        .writeHead(404, { Server: 'Caddy', 'Content-Type': 'text/plain; charset=utf-8' })
        .end('404 page not found\n');
    } else {
      const route = routes.find(({ domain }) => domain === headers.host);
      if (route?.tlsAuto) response.writeHead(308, { Server: 'Caddy', Location: `https://${route.domain}${url}` }).end();
      else response.writeHead(route ? 503 : 404, { Server: route ? 'Caddy' : 'jaco' }).end();
    }
  }
}
