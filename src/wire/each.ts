import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** What is made of the entries of a list, and how many there were beyond those that are kept. */
export type Each<T> = { readonly kept: readonly T[]; readonly omitted: number };

const FIRST = (1 << 3) | WireType.LengthDelimited;

/**
 * Decodes an answer whose first field is a long list, and nothing else of it: `keep` makes of each entry what is kept, so
 * that no more than one entry is there whole. Throws what the full decoder throws on bytes that are no message.
 */
export function decodeEach<Entry, T>(
  bytes: Buffer,
  message: { decode(input: BinaryReader, length: number): Entry },
  max: number,
  keep: (entry: Entry) => T,
): Each<T> {
  const reader = new BufferReader(bytes);
  const kept: T[] = [];
  let omitted = 0;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === FIRST && kept.length < max) kept.push(keep(message.decode(reader, reader.uint32())));
    else if ((tag & 7) === WireType.EndGroup || tag === 0) break;
    else {
      if (tag === FIRST) omitted += 1;
      reader.skip(tag & 7);
    }
  }
  return { kept, omitted };
}

/** Takes strings straight from the bytes: what the library's own leaves behind of each is more than the string. */
class BufferReader extends BinaryReader {
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    super(bytes);
    this.#bytes = bytes;
  }

  override string(): string {
    const length = this.uint32();
    const start = this.pos;
    this.pos += length;
    if (this.pos > this.len) throw new RangeError('premature EOF');
    return this.#bytes.toString('utf8', start, this.pos);
  }
}
