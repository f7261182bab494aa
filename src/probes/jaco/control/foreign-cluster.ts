import type { CallFailure } from '../../io/grpc/grpc.ts';
import type { Handshake, Leaf } from '../../io/tls.ts';
import { isBootstrap } from './certificate-verdict.ts';

/**
 * Why a port is not asked that shows a certificate of another CA than that of `lead` does; null where it may be of the same
 * cluster. Only for where nobody has the cluster's CA: all clusters' certificates look alike, and keys tell them apart.
 */
export function foreignClusterFailure(
  lead: { readonly address: string; readonly hello: Handshake | null },
  address: string,
  hello: Handshake | null,
): CallFailure | null {
  if (hello?.kind !== 'hello' || lead.hello?.kind !== 'hello' || !differInCa(hello.leaf, lead.hello.leaf)) return null;
  const issuer = hello.leaf.issuer ?? 'somebody';
  const detail = `${address} shows a certificate that ${issuer} signed with another key than that of ${lead.address}: they are not of one cluster`;
  return { why: 'withheld', phase: 'tls', detail, code: 'untrusted', grpc: null };
}

/** The certificate that a daemon starts with tells nothing of its cluster. */
function differInCa(a: Leaf, b: Leaf): boolean {
  if (isBootstrap(a) || isBootstrap(b)) return false;
  return a.authority !== null && b.authority !== null ? a.authority !== b.authority : a.issuer !== b.issuer;
}
