import { WireType } from '@bufbuild/protobuf/wire';
import { BufferReader } from './buffer-reader.ts';
import { Node, NodeSuffrage } from './jaco.ts';

/** A Cluster.Status with only some members decoded. For the others it has only the name. */
export type ThinStatus = {
  readonly initialized: boolean;
  readonly leader: string;
  readonly raftIndex: string;
  readonly hostnames: readonly string[];
  /** The requested members, whole. */
  readonly nodes: readonly Node[];
  readonly suffrages: readonly NodeSuffrage[];
};

/**
 * Decodes an answer of which only two members matter. 64 peers of a large cluster each send the whole list, and
 * decoding all of them takes longer than the rest of a run. Throws on truncated bytes, as the full decoder does. On
 * contradicting inner lengths the two decoders differ.
 */
export function decodeThinStatus(bytes: Buffer, isWanted: (hostname: string, address: string) => boolean): ThinStatus {
  const reader = new BufferReader(bytes);
  const hostnames: string[] = [];
  const nodes: Node[] = [];
  const suffrages: NodeSuffrage[] = [];
  let [initialized, leader, raftIndex] = [false, '', '0'];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    switch (tag) {
      case (1 << 3) | WireType.LengthDelimited: {
        const length = reader.uint32();
        const start = reader.pos;
        const { hostname, address } = decodeNames(reader, start + length);
        hostnames.push(hostname);
        if (isWanted(hostname, address)) {
          reader.pos = start;
          nodes.push(Node.decode(reader, length));
        }
        reader.pos = start + length;
        break;
      }
      case (2 << 3) | WireType.LengthDelimited:
        leader = reader.string();
        break;
      case (3 << 3) | WireType.Varint:
        raftIndex = reader.uint64().toString();
        break;
      case (4 << 3) | WireType.Varint:
        initialized = reader.bool();
        break;
      case (5 << 3) | WireType.LengthDelimited:
        suffrages.push(NodeSuffrage.decode(reader, reader.uint32()));
        break;
      default:
        if ((tag & 7) === WireType.EndGroup || tag === 0)
          return { initialized, leader, raftIndex, hostnames, nodes, suffrages };
        reader.skip(tag & 7);
    }
  }
  return { initialized, leader, raftIndex, hostnames, nodes, suffrages };
}

/** The names of the member whose bytes end at `end`. The list is read in place, because it is long and has many readers. */
function decodeNames(reader: BufferReader, end: number): { hostname: string; address: string } {
  if (end > reader.len) throw new RangeError('premature EOF');
  let [hostname, address] = ['', ''];
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === ((1 << 3) | WireType.LengthDelimited)) hostname = reader.string();
    else if (tag === ((2 << 3) | WireType.LengthDelimited)) address = reader.string();
    else if ((tag & 7) === WireType.EndGroup || tag === 0) break;
    else reader.skip(tag & 7);
  }
  return { hostname, address };
}
