/**
 * What a TLS server shows for one name. `ms` counts from the connect. `certificates`: DER, in the order in which they
 * were sent; empty if the server has none. `alert`: it ended the handshake with this number. `not-tls`: it speaks
 * another protocol. `closed`: it closed or reset the connection in the handshake. `silent`: it accepted, but its
 * certificate did not come in time; `began` if some bytes did. `no-connection`: nothing accepted; `code` is the error
 * code of the system, null if no answer came in time.
 */
export type ServerCertificates =
  | { readonly kind: 'certificates'; readonly list: readonly Buffer[]; readonly ms: number }
  | { readonly kind: 'alert'; readonly code: number; readonly ms: number }
  | { readonly kind: 'not-tls'; readonly http: boolean; readonly ms: number }
  | { readonly kind: 'closed'; readonly reset: boolean; readonly ms: number }
  | { readonly kind: 'silent'; readonly began: boolean; readonly ms: number }
  | { readonly kind: 'no-connection'; readonly code: string | null; readonly ms: number };

/** Where a TLS server listens; `host` is an address. */
export type TlsAddress = { readonly host: string; readonly port: number };

export type ServerCertificatesOptions = {
  /** Sent as server name (SNI). */
  readonly serverName: string;
  /** Time for the connect, and again for the handshake, in ms. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
};
