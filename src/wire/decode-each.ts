import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** The kept entries of a list, and the number of further ones. */
export type DecodedList<T> = { readonly kept: readonly T[]; readonly omitted: number };

const FIRST_FIELD = (1 << 3) | WireType.LengthDelimited;

/**
 * Decodes only the first field of an answer, which is a long list. `keep` reduces each entry, so that only one whole
 * entry is in memory. Throws what the full decoder throws on invalid bytes.
 */
export function decodeEach<Entry, T>(
  bytes: Buffer,
  message: { decode(input: BinaryReader, length: number): Entry },
  max: number,
  keep: (entry: Entry) => T,
): DecodedList<T> {
  const reader = new BufferReader(bytes);
  const kept: T[] = [];
  let omitted = 0;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === FIRST_FIELD && kept.length < max) kept.push(keep(message.decode(reader, reader.uint32())));
    else if ((tag & 7) === WireType.EndGroup || tag === 0) break;
    else {
      if (tag === FIRST_FIELD) omitted += 1;
      reader.skip(tag & 7);
    }
  }
  return { kept, omitted };
}

/** Reads strings directly from the bytes: the reader of the library allocates more than the string. */
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
