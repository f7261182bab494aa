import type { CallFailure } from '../../io/grpc/grpc.ts';
import type { Handshake, Leaf } from '../../io/tls.ts';
import { isBootstrap } from './certificate-verdict.ts';

/**
 * Why a port is not asked: its certificate was signed by another CA than that of `lead`. Null if it may be in the same
 * cluster. Used only without the cluster's CA: certificates of all clusters look alike, and only their keys distinguish
 * them.
 */
export function foreignClusterFailure(
  primary: { readonly address: string; readonly hello: Handshake | null },
  address: string,
  handshake: Handshake | null,
): CallFailure | null {
  if (handshake?.kind !== 'hello' || primary.hello?.kind !== 'hello' || !differInCa(handshake.leaf, primary.hello.leaf))
    return null;
  const issuer = handshake.leaf.issuer ?? 'somebody';
  const detail = `${address} serves a certificate that ${issuer} signed with a different key than that of ${primary.address}: they are not in one cluster`;
  return { why: 'withheld', phase: 'tls', detail, code: 'untrusted', grpc: null };
}

/** A bootstrap certificate does not show the cluster. */
function differInCa(a: Leaf, b: Leaf): boolean {
  if (isBootstrap(a) || isBootstrap(b)) return false;
  return a.authority !== null && b.authority !== null ? a.authority !== b.authority : a.issuer !== b.issuer;
}
