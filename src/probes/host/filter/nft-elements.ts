import { ipv4, prefix, type Range, rangeOf } from '../ipv4.ts';

/** Addresses as nft writes them in a set or beside a match; null where any of them is of an unknown form. */
export function readElements(elements: readonly unknown[]): readonly Range[] | null {
  const ranges = elements.map(readElement);
  return ranges.includes(null) ? null : (ranges as readonly Range[]);
}

/** `"10.0.0.1"`, `{prefix: {addr, len}}`, `{range: [first, last]}`, or one of them in `{elem: {val}}`. */
function readElement(element: unknown): Range | null {
  if (typeof element === 'string') return rangeOf(element);
  if (typeof element !== 'object' || element === null) return null;
  const { prefix: wide, range, elem } = element as { [key: string]: unknown };
  if (typeof wide === 'object' && wide !== null) {
    const { addr, len } = wide as { addr?: unknown; len?: unknown };
    const address = ipv4(String(addr));
    return address === null ? null : prefix(address, Number(len));
  }
  if (Array.isArray(range)) return rangeOf(`${String(range[0])}-${String(range[1])}`);
  if (typeof elem === 'object' && elem !== null) return readElement((elem as { val?: unknown }).val);
  return null;
}
