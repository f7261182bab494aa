/** The target of a request: a unix socket or a web address. */
export type HttpTarget = UnixTarget | WebTarget;

export type UnixTarget = { readonly kind: 'unix'; readonly path: string };

/** A server by name or address, direct or through a proxy. */
export type WebTarget = {
  readonly kind: 'web';
  readonly secure: boolean;
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly proxy: WebProxy | null;
  /** PEM of the only trusted CAs; null for those that Node trusts. */
  readonly ca: string | readonly string[] | null;
};

/** A proxy; `authorization` is the value of its header, which is sent only to the proxy. */
export type WebProxy = {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly authorization: { readonly reveal: () => string } | null;
};

/** The target for a message, without credentials and path. */
export function targetName(target: HttpTarget): string {
  if (target.kind === 'unix') return target.path;
  const isDefaultPort = target.port === (target.secure ? 443 : 80);
  return `${target.secure ? 'https' : 'http'}://${hostPort(target, isDefaultPort)}`;
}

/** `host:port` in URL form. */
export function hostPort({ host, port }: { host: string; port: number }, withoutPort = false): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return withoutPort ? name : `${name}:${port}`;
}
