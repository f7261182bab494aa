import { parseGoDuration } from './go-duration.ts';
import type { Scalar, YamlTree } from './parse-yaml.ts';
import { resolveScalar } from './resolve-scalar.ts';

const YES = ['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON'];
const NO = ['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF'];

/** A Go type that one scalar can fill. */
export type ScalarKind = 'string' | 'int' | 'bool' | 'time.Duration';

/** The value of a scalar for a Go type as yaml.v3 converts it; null if it rejects the scalar. */
export function scalarOf(node: Scalar, kind: ScalarKind): string | bigint | boolean | null {
  const resolved = resolveScalar(node);
  switch (kind) {
    case 'string':
      return scalarText(node);
    case 'int':
      if (resolved.tag === '!!int') return resolved.value < 2n ** 63n ? resolved.value : null;
      if (resolved.tag !== '!!float' || !(Math.abs(resolved.value) < 2 ** 63)) return null;
      return BigInt(Math.trunc(resolved.value));
    case 'bool':
      if (resolved.tag === '!!bool') return resolved.value;
      if (!('value' in resolved) || typeof resolved.value !== 'string') return null;
      return YES.includes(resolved.value) ? true : NO.includes(resolved.value) ? false : null;
    case 'time.Duration':
      return resolved.tag === '!!str' ? parseGoDuration(resolved.value) : null;
  }
}

/** Any scalar can be a string, with its text as written. */
export function scalarText(node: Scalar): string {
  const resolved = resolveScalar(node);
  return resolved.tag === '!!binary' ? Buffer.from(resolved.value, 'base64').toString('utf8') : node.value;
}

/** Whether a node is null, which does not change a Go field. */
export function isNull(node: YamlTree): boolean {
  return node.kind === 'scalar' && resolveScalar(node).tag === '!!null';
}

/** The merge key `<<`. */
export function isMergeKey(key: YamlTree): boolean {
  return key.kind === 'scalar' && key.value === '<<' && !key.quoted && (key.tag === null || key.tag === '!!merge');
}

/** The text of a key. All keys that are not scalars count as one. */
export function keyName(key: YamlTree): string {
  return key.kind === 'scalar' ? key.value : '';
}

/** A node as in yaml.v3's complaints: its tag and the beginning of its text. */
export function describeTag(node: YamlTree): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? '!!map' : '!!seq';
  const bytes = Buffer.from(node.value);
  const text = bytes.length > 10 ? `${bytes.subarray(0, 7).toString('utf8')}...` : node.value;
  const resolved = resolveScalar(node);
  return `${resolved.tag === 'other' ? node.tag : resolved.tag} \`${text}\``;
}
