import type { CallFailure } from '../../io/grpc/grpc.ts';
import type { Handshake, Leaf } from '../../io/tls.ts';
import { isBootstrap } from './certificate-verdict.ts';

/**
 * Why a port is not asked that shows a certificate of another CA than that of `lead` does; null where it may be of the same
 * cluster. Only for where nobody has the cluster's CA: all clusters' certificates look alike, and keys tell them apart.
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

/** The certificate that a daemon starts with tells nothing of its cluster. */
function differInCa(a: Leaf, b: Leaf): boolean {
  if (isBootstrap(a) || isBootstrap(b)) return false;
  return a.authority !== null && b.authority !== null ? a.authority !== b.authority : a.issuer !== b.issuer;
}
