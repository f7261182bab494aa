import { failed, type Result } from '../../engine/outcome.ts';
import { childFailure } from '../io/child-failure.ts';
import { type Argv, type ChildResult, runChild } from '../io/run-child.ts';
import { lacksDevices, withListedDevices } from './filter/listed-devices.ts';
import { type NftRead, readNftJson } from './filter/nft-json.ts';

/**
 * The answer of nft. `absent`: the table does not exist. `unsupported`: the kernel has no nf_tables. Both are findings
 * and not errors of the doctor. `version` is nft's own.
 */
export type NftAnswer =
  | Extract<NftRead, { kind: 'tables' }>
  | { readonly kind: 'absent' }
  | { readonly kind: 'unsupported'; readonly said: string };

/** Most bytes that are kept of an answer: some 200,000 rules, or a million elements of sets. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Most tables that are listed one by one. */
const MAX_TABLES = 64;

/** Lists with nft. Fails with `missing-tool`, `denied` (for the doctor) or `unreadable`. */
export async function listNft(
  what: readonly ['ruleset'] | readonly ['table', 'inet', 'jaco'],
  signal: AbortSignal,
): Promise<{ readonly kind: 'answer'; readonly answer: NftAnswer } | Extract<Result, { kind: 'failed' }>> {
  const ended = await runChild(['nft', '-j', 'list', ...what], { signal, maxBytes: MAX_BYTES });
  if (ended.kind === 'failed') return ended;
  if (ended.code !== 0 || ended.cut) return refusal(['nft', '-j', 'list', ...what], ended);
  const first = readNftJson(ended.stdout);
  const read = isIncomplete(first) ? await readAgain(ended.stdout, first, signal) : first;
  return read.kind === 'tables' ? { kind: 'answer', answer: read } : failed('unreadable', 'parse', read.detail);
}

function isIncomplete(read: NftRead): boolean {
  return read.kind === 'unreadable' || read.damaged || read.tables.some(({ chains }) => chains.some(lacksDevices));
}

/**
 * nft 1.0.6 prints freed memory as the flags of a table: another word, or bytes that end the document. It also omits
 * the interfaces of chains. Then both are read from its text output, and if the document ended early, each active table
 * is listed separately.
 */
async function readAgain(json: string, first: NftRead, signal: AbortSignal): Promise<NftRead> {
  const listing = await listed(['nft', '-t', 'list', 'ruleset'], signal);
  if (listing === null) return first;
  const read = await readWith(listing, json, first, signal);
  return read.kind === 'tables' ? { ...read, tables: withListedDevices(read.tables, listing) } : read;
}

async function readWith(listing: string, json: string, first: NftRead, signal: AbortSignal): Promise<NftRead> {
  if (first.kind === 'tables') return first.damaged ? readNftJson(json, listing) : first;
  const inForce = tablesInForce(listing);
  if (inForce.length === 0 || inForce.length > MAX_TABLES) return first;
  const documents = await Promise.all(
    inForce.map(([family, name]) => listed(['nft', '-j', 'list', 'table', family, name], signal)),
  );
  return readNftDocuments(documents, first, listing);
}

async function listed(argv: Argv, signal: AbortSignal): Promise<string | null> {
  const ended = await runChild(argv, { signal, maxBytes: MAX_BYTES });
  return ended.kind === 'failed' || ended.code !== 0 || ended.cut ? null : ended.stdout;
}

/** Family and name of each table whose flags do not disable it. */
function tablesInForce(listing: string): readonly (readonly [family: string, name: string])[] {
  return [...listing.matchAll(/^table (\S+) (\S+) \{\n(\s*flags [a-z,]*)?/gm)].flatMap(
    ([, family, name, flags = '']) =>
      family === undefined || name === undefined || flags.includes('dormant') ? [] : [[family, name] as const],
  );
}

/** Merges all documents; `first` if one of them is not understood. */
function readNftDocuments(documents: readonly (string | null)[], first: NftRead, listing: string): NftRead {
  const reads = documents.map((document) => (document === null ? first : readNftJson(document, listing)));
  const tables = reads.flatMap((read) => (read.kind === 'tables' ? [read] : []));
  const [head] = tables;
  if (head === undefined || tables.length < reads.length) return first;
  return {
    ...head,
    beside: tables.flatMap((read) => read.beside),
    tables: tables.flatMap((read) => read.tables),
  };
}

function refusal(
  argv: readonly string[],
  ended: ChildResult,
): ReturnType<typeof listNft> extends Promise<infer R> ? R : never {
  const { stderr, cut } = ended;
  if (cut) return failed('unreadable', 'read', `nft printed more than ${MAX_BYTES} bytes`);
  // The daemon recognises an absent table by this text (docs/jaco-daemon/isolation.md#firewall-loop). A missing library
  // of nft gives the same text, but not from nft.
  if (/Error:.*No such file or directory/.test(stderr)) return { kind: 'answer', answer: { kind: 'absent' } };
  if (/not supported|Unable to initialize Netlink socket/i.test(stderr))
    return { kind: 'answer', answer: { kind: 'unsupported', said: stderr } };
  return childFailure('nft', ended, { kind: 'run', argv });
}
