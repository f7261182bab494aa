import { type Scalar, YamlError } from './parse-yaml.ts';

/** The meaning of a plain scalar in Go's yaml.v3, as far as the types of jacod.yaml distinguish it. */
export type ResolvedScalar =
  | { readonly tag: '!!null' }
  | { readonly tag: '!!bool'; readonly value: boolean }
  | { readonly tag: '!!int'; readonly value: bigint }
  | { readonly tag: '!!float'; readonly value: number }
  | { readonly tag: '!!str' | '!!timestamp' | '!!binary' | '!!merge' | 'other'; readonly value: string };

const NULLS = ['', '~', 'null', 'Null', 'NULL'];
const TRUE = ['true', 'True', 'TRUE'];
const FALSE = ['false', 'False', 'FALSE'];
const INFINITE = /^[-+]?\.(inf|Inf|INF)$/;
const NAN = ['.nan', '.NaN', '.NAN'];
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
const TIMESTAMP =
  /^\d{4}-\d{1,2}-\d{1,2}([Tt]\d{1,2}:\d{1,2}:\d{1,2}([.,]\d+)?(Z|[+-]\d\d:\d\d)| \d{1,2}:\d{1,2}:\d{1,2}([.,]\d+)?)?$/;

/** Resolves a scalar. Throws {@link YamlError} if an explicit tag contradicts its value, as the daemon does. */
export function resolveScalar(node: Scalar): ResolvedScalar {
  if (node.tag === '!!str' || (node.quoted && node.tag === null)) return { tag: '!!str', value: node.value };
  if (node.tag === '!!binary') return { tag: '!!binary', value: node.value };
  const explicit = node.tag;
  if (explicit !== null && !['!!bool', '!!int', '!!float', '!!null', '!!timestamp'].includes(explicit))
    return { tag: 'other', value: node.value };
  const plainValue = resolvePlain(node.value);
  if (explicit === null || explicit === plainValue.tag) return plainValue;
  if (explicit === '!!float' && plainValue.tag === '!!int') return { tag: '!!float', value: Number(plainValue.value) };
  throw new YamlError(`cannot decode ${plainValue.tag} \`${node.value}\` as a ${explicit}`);
}

function resolvePlain(text: string): ResolvedScalar {
  if (NULLS.includes(text)) return { tag: '!!null' };
  if (TRUE.includes(text)) return { tag: '!!bool', value: true };
  if (FALSE.includes(text)) return { tag: '!!bool', value: false };
  if (INFINITE.test(text)) return { tag: '!!float', value: text.startsWith('-') ? -Infinity : Infinity };
  if (NAN.includes(text)) return { tag: '!!float', value: Number.NaN };
  if (text === '<<') return { tag: '!!merge', value: text };
  if (text.startsWith('.'))
    return FLOAT.test(text) ? { tag: '!!float', value: Number(text) } : { tag: '!!str', value: text };
  if (!/^[-+0-9]/.test(text)) return { tag: '!!str', value: text };
  if (TIMESTAMP.test(text) && isDate(text)) return { tag: '!!timestamp', value: text };
  const digits = text.replaceAll('_', '');
  const whole = integer(digits);
  if (whole !== null) return { tag: '!!int', value: whole };
  if (FLOAT.test(digits)) return { tag: '!!float', value: Number(digits) };
  return { tag: '!!str', value: text };
}

/** Go's ParseInt with base 0: 0x, 0o, 0b and the old leading 0; up to 64 bits. */
function integer(text: string): bigint | null {
  const [, sign = '', body = ''] = /^([-+]?)(.+)$/.exec(text) ?? [];
  const octal = /^0[0-7]+$/.test(body) ? `0o${body.slice(1)}` : body;
  if (!/^(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0|[1-9]\d*)$/.test(octal)) return null;
  const size = BigInt(octal);
  const least = -(2n ** 63n);
  const value = sign === '-' ? -size : size;
  return value >= least && value < (sign === '' ? 2n ** 64n : 2n ** 63n) ? value : null;
}

function isDate(text: string): boolean {
  const [year, month, day] = text.split(/[-Tt ]/).map(Number) as [number, number, number];
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
