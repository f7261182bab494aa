import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

const NOTHING = new Uint8Array(0);

/**
 * A reader for long lists: the library's allocates an array for each string and each skipped field. The skipped bytes
 * are not returned.
 */
export class BufferReader extends BinaryReader {
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

  override skip(type: WireType, field?: number): Uint8Array {
    if (type !== WireType.LengthDelimited) return super.skip(type, field);
    const length = this.uint32();
    this.pos += length;
    if (this.pos > this.len) throw new RangeError('premature EOF');
    return NOTHING;
  }
}
