/** Where an HTTP server is asked: at its unix socket, or at an address of the web. */
export type HttpTarget = UnixTarget | WebTarget;

export type UnixTarget = { readonly kind: 'unix'; readonly path: string };

/** A server by name or address, reached directly or through a proxy. */
export type WebTarget = {
  readonly kind: 'web';
  readonly secure: boolean;
  /** A name or an address, an IPv6 one without brackets. */
  readonly host: string;
  readonly port: number;
  readonly proxy: WebProxy | null;
  /** PEM of the only CAs that are trusted; null for those that Node trusts. */
  readonly ca: string | null;
};

/** A proxy; `authorization` is what its header says, which only it may see. */
export type WebProxy = {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly authorization: { readonly reveal: () => string } | null;
};

/** A place in words, without what a URL may hide. */
export function targetName(target: HttpTarget): string {
  if (target.kind === 'unix') return target.path;
  const isDefaultPort = target.port === (target.secure ? 443 : 80);
  return `${target.secure ? 'https' : 'http'}://${hostPort(target, isDefaultPort)}`;
}

/** `host:port` as a URL has it. */
export function hostPort({ host, port }: { host: string; port: number }, withoutPort = false): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return withoutPort ? name : `${name}:${port}`;
}
