import { isShowable } from './reader/shape.ts';

/** An address to ask: its parts, and how it may be shown. */
export type Address = {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** Without the slash at its end; empty at the root. */
  readonly path: string;
  /** Without user, password, query and fragment. */
  readonly shown: string;
};

/** Reads an http or https address; null for anything else, an address with a blank or a quote in it among them. */
export function readAddress(text: string): Address | null {
  if (!/^https?:\/\/[^\s"'`<>\\/]+[^\s"'`<>\\]*$/i.test(text) || text.length > 2_000) return null;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (host === '') return null;
  const path = url.pathname.replace(/\/+$/, '');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return { secure, host, port, path, shown: `${url.protocol}//${url.host}${path}` };
}

/** A value that is no address, as far as it may be shown: it may be anything, a token included. */
export function showValue(text: string): string {
  if (text.trim() === '') return 'nothing';
  const plain = text.replace(/^[a-z]+:\/*/i, (scheme) => (/^https?:/i.test(scheme) ? 'http ' : 'x '));
  const words = plain.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const hides = text.length > 80 || text.includes('@') || !words.every(isShowable);
  return hides ? 'a value that is not shown' : `"${text.replace(/[^\x20-\x7e]/g, '?')}"`;
}
