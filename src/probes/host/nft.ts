import { failed, type Result } from '../../engine/outcome.ts';
import { type ChildResult, run } from '../io/exec.ts';
import { type NftRead, readNftJson } from './filter/nft-json.ts';
import { isPermissionError } from './permission-error.ts';

/**
 * What nft answered. `absent` is a table that is not there, `unsupported` a kernel without nf_tables: both are findings, not
 * our trouble. `version` is nft's own.
 */
export type NftAnswer =
  | Extract<NftRead, { kind: 'tables' }>
  | { readonly kind: 'absent' }
  | { readonly kind: 'unsupported'; readonly said: string };

/** Bytes kept of an answer: some 200,000 rules, or a million elements of sets. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Lists with nft. Fails with `missing-tool`, `denied` to us, or `unreadable`. */
export async function listNft(
  what: readonly ['ruleset'] | readonly ['table', 'inet', 'jaco'],
  signal: AbortSignal,
): Promise<{ readonly kind: 'answer'; readonly answer: NftAnswer } | Extract<Result, { kind: 'failed' }>> {
  const ended = await run(['nft', '-j', 'list', ...what], { signal, maxBytes: MAX_BYTES });
  if (ended.kind === 'failed') return ended;
  if (ended.code !== 0 || ended.cut) return refusal(ended);
  const first = readNftJson(ended.stdout);
  const read = first.kind === 'unreadable' || first.damaged ? await readAgain(what, first, signal) : first;
  return read.kind === 'tables' ? { kind: 'answer', answer: read } : failed('unreadable', 'parse', read.detail);
}

/**
 * nft 1.0.6 prints freed memory as the flags of a table: some other word, or bytes that end the document there. So it is asked
 * once more, and the flags are read from the text that it prints for people; without that text they count as not set.
 */
async function readAgain(what: Parameters<typeof listNft>[0], first: NftRead, signal: AbortSignal): Promise<NftRead> {
  const [json, text] = await Promise.all([
    run(['nft', '-j', 'list', ...what], { signal, maxBytes: MAX_BYTES }),
    run(['nft', '-t', 'list', 'ruleset'], { signal, maxBytes: MAX_BYTES }),
  ]);
  if (json.kind === 'failed' || json.code !== 0 || json.cut) return first;
  const listing = text.kind === 'failed' || text.code !== 0 || text.cut ? undefined : text.stdout;
  const read = readNftJson(json.stdout, listing);
  return read.kind === 'tables' ? read : first;
}

function refusal({ code, stderr, cut }: ChildResult): ReturnType<typeof listNft> extends Promise<infer R> ? R : never {
  if (cut) return failed('unreadable', 'read', `nft printed more than ${MAX_BYTES} bytes`);
  // The daemon tells an absent table by these words (docs/jaco-daemon/isolation.md#firewall-loop); a library that nft
  // lacks is told by them too, and not by nft.
  if (/Error:.*No such file or directory/.test(stderr)) return { kind: 'answer', answer: { kind: 'absent' } };
  if (/not supported|Unable to initialize Netlink socket/i.test(stderr))
    return { kind: 'answer', answer: { kind: 'unsupported', said: stderr } };
  const said = stderr || `nft ended with ${code ?? 'a signal'} and said nothing`;
  return failed(isPermissionError(stderr) ? 'denied' : 'unreadable', 'nft', said);
}
