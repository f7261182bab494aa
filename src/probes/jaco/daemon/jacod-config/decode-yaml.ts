import { isUtf8 } from 'node:buffer';
import { YamlError } from './parse-yaml.ts';

/**
 * The text of a YAML file, decoded as by yaml.v3: UTF-8, or UTF-16 by its byte order mark, which is removed. Throws
 * {@link YamlError} for bytes that are neither.
 */
export function decodeYaml(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return decodeUtf16(bytes.subarray(2));
  if (first === 0xfe && second === 0xff) return decodeUtf16(bytes.subarray(2), 'big-endian');
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  if (text.includes('\ufffd') && !isUtf8(bytes)) throw new YamlError('invalid leading UTF-8 octet');
  return text;
}

function decodeUtf16(bytes: Buffer, order: 'little-endian' | 'big-endian' = 'little-endian'): string {
  if (bytes.length % 2 === 1) throw new YamlError('incomplete UTF-16 character');
  return (order === 'big-endian' ? Buffer.from(bytes).swap16() : bytes).toString('utf16le');
}
