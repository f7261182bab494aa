import { type BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { BufferReader } from './buffer-reader.ts';

/** The kept entries of a list, and the number of further ones. */
export type DecodedList<T> = { readonly kept: readonly T[]; readonly omitted: number };

/** A list of an answer: the number of its field, the most entries to keep, and the part of an entry to keep. */
export type ListField<T> = {
  readonly field: number;
  readonly max: number;
  readonly read: (reader: BinaryReader, length: number) => T;
};

/** A list whose entries are each decoded as `message` and reduced by `keep`. */
export function listField<Entry, T>(
  field: number,
  message: { decode(input: BinaryReader, length: number): Entry },
  max: number,
  keep: (entry: Entry) => T,
): ListField<T> {
  return { field, max, read: (reader, length) => keep(message.decode(reader, length)) };
}

/**
 * Decodes the named lists of an answer and skips the rest. Each entry is reduced at once, so that only one whole entry is in
 * memory. Throws what the full decoder throws on invalid bytes.
 */
export function decodeLists<T extends object>(
  bytes: Buffer,
  fields: { readonly [K in keyof T]: ListField<T[K]> },
): { readonly [K in keyof T]: DecodedList<T[K]> } {
  const reader = new BufferReader(bytes);
  const lists = Object.entries<ListField<unknown>>(fields).map(([name, field]) => ({
    name,
    ...field,
    kept: [] as unknown[],
    omitted: 0,
  }));
  const byTag = new Map(lists.map((list) => [(list.field << 3) | WireType.LengthDelimited, list]));
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    const list = byTag.get(tag);
    if (list !== undefined && list.kept.length < list.max) list.kept.push(list.read(reader, reader.uint32()));
    else if ((tag & 7) === WireType.EndGroup || tag === 0) break;
    else {
      if (list !== undefined) list.omitted += 1;
      reader.skip(tag & 7);
    }
  }
  const decoded: object = Object.fromEntries(lists.map(({ name, kept, omitted }) => [name, { kept, omitted }]));
  return decoded as {
    [K in keyof T]: DecodedList<T[K]>;
  };
}
