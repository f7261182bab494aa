import { isShowable } from './reader/id-shape.ts';

/** The parts of an address, and the form that may be shown. */
export type Address = {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** Without a trailing slash; empty for the root. */
  readonly path: string;
  /** Without user, password, query and fragment. */
  readonly shown: string;
};

/** Parses an http or https address; null for anything else, including an address with a blank or a quote. */
export function parseAddress(text: string): Address | null {
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

/** The showable form of a value that is not an address. The value may be a token. */
export function showableValue(text: string): string {
  if (text.trim() === '') return 'nothing';
  const spelled = text.replace(/^[a-z]+:\/*/i, (scheme) => (/^https?:/i.test(scheme) ? 'http ' : 'x '));
  const words = spelled.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const isHidden = text.length > 80 || text.includes('@') || !words.every(isShowable);
  return isHidden ? 'a value that is not shown' : `"${text.replace(/[^\x20-\x7e]/g, '?')}"`;
}
