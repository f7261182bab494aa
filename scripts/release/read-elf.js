/** The header of an ELF executable of 64 bits: the number of its machine, and the names of its notes. */
export function elfOf(bytes) {
  if (bytes.readUInt32BE(0) !== 0x7f454c46 || bytes[4] !== 2 || bytes[5] !== 1)
    throw new Error('not an ELF executable of 64 bits');
  const [table, size, count] = [Number(bytes.readBigUInt64LE(32)), bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
  const notes = [];
  for (let header = table; header < table + size * count; header += size) {
    if (bytes.readUInt32LE(header) !== PT_NOTE) continue;
    const start = Number(bytes.readBigUInt64LE(header + 8));
    notes.push(...noteNames(bytes.subarray(start, start + Number(bytes.readBigUInt64LE(header + 32)))));
  }
  return { machine: bytes.readUInt16LE(18), notes };
}

const PT_NOTE = 4;
const padded = (length) => Math.ceil(length / 4) * 4;

function noteNames(segment) {
  const names = [];
  for (let at = 0; at + 12 <= segment.length; ) {
    const [nameLength, length] = [segment.readUInt32LE(at), segment.readUInt32LE(at + 4)];
    names.push(segment.toString('latin1', at + 12, at + 12 + Math.max(0, nameLength - 1)));
    at += 12 + padded(nameLength) + padded(length);
  }
  return names;
}
