const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** Bytes for people: 1.5 MiB, 12 GiB. */
export function inUnits(bytes: number): string {
  const [size, unit] = bytes >= GIB ? [bytes / GIB, 'GiB'] : [bytes / MIB, 'MiB'];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}
