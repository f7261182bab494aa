import { createHash } from 'node:crypto';

/** The interface and its network (docs/jaco-daemon/network.md#mesh): neither can be configured. */
export const MESH_INTERFACE = 'jaco0';
export const MESH_NETWORK = '10.99.0.0/24';

/** A node's address in the mesh. It is computed from its name only, with 254 values, so two names may map to one. */
export function meshAddress(hostname: string): string {
  const hash = createHash('sha256').update(hostname).digest();
  const octet = hash.readUInt8(0);
  return `10.99.0.${octet === 0 || octet === 255 ? (hash.readUInt16BE(0) % 254) + 1 : octet}`;
}
