import { type Range, rangeOf } from '../ipv4.ts';
import type { MarkChange, Rewrite, Rule, RuleVerdict } from './table.ts';

type Target = Pick<Rule, 'verdict' | 'untracks' | 'marks' | 'rewrite' | 'divertsTo' | 'answer'>;

const TARGETS: { readonly [target: string]: Exclude<RuleVerdict['kind'], 'jump' | 'goto'> } = {
  ACCEPT: 'accept',
  DROP: 'drop',
  REJECT: 'drop',
  RETURN: 'return',
  LOG: 'none',
  NFLOG: 'none',
  ULOG: 'none',
  MARK: 'none',
  CONNMARK: 'none',
  TCPMSS: 'none',
  TRACE: 'none',
  CT: 'none',
  NOTRACK: 'none',
  DSCP: 'none',
  AUDIT: 'none',
  CHECKSUM: 'none',
  CLASSIFY: 'none',
  SET: 'none',
  TEE: 'none',
  TTL: 'none',
  MASQUERADE: 'accept',
  SNAT: 'accept',
  DNAT: 'accept',
  REDIRECT: 'accept',
  NETMAP: 'accept',
  NFQUEUE: 'other',
  QUEUE: 'other',
  TPROXY: 'other',
  SYNPROXY: 'other',
};
const TRANSLATIONS: { readonly [target: string]: Rewrite['kind'] } = {
  MASQUERADE: 'masquerade',
  SNAT: 'snat',
  DNAT: 'dnat',
  REDIRECT: 'redirect',
};
const ALL = 0xffffffff;

/** What a rule does with the packets that it matches. An unknown target is the name of a chain. */
export function readTarget(option: '-j' | '-g', target: string, words: readonly string[]): Target {
  const kind = option === '-j' && Object.hasOwn(TARGETS, target) ? TARGETS[target] : undefined;
  if (kind === undefined)
    return { verdict: { kind: option === '-j' ? 'jump' : 'goto', chain: target }, untracks: false };
  const marks = readMarks(target, words);
  const translation = TRANSLATIONS[target];
  const divertsTo = target === 'TPROXY' ? portsOf(optionValue(words, '--on-port') ?? '') : null;
  return {
    verdict: { kind },
    untracks: target === 'NOTRACK' || (target === 'CT' && words.includes('--notrack')),
    ...(marks.length > 0 ? { marks } : {}),
    ...(translation === undefined ? {} : { rewrite: readRewrite(translation, words) }),
    ...(divertsTo === null ? {} : { divertsTo }),
    ...(target === 'REJECT' ? { answer: answerOf(words) } : {}),
  };
}

/** `icmp-port-unreachable` in the common notation: the protocol and the message. */
function answerOf(words: readonly string[]): string {
  return (optionValue(words, '--reject-with') ?? 'icmp-port-unreachable').replace('-', ' ');
}

function readRewrite(kind: Rewrite['kind'], words: readonly string[]): Rewrite {
  const to = optionValue(words, '--to-destination') ?? optionValue(words, '--to-source') ?? '';
  const [address = '', port] = to.split(':');
  return { kind, address: rangeOf(address), port: portsOf(port ?? optionValue(words, '--to-ports') ?? '') };
}

function readMarks(target: string, words: readonly string[]): readonly MarkChange[] {
  if (target !== 'MARK' && target !== 'CONNMARK') return [];
  const own = target === 'MARK' ? ('mark' as const) : ('ct-mark' as const);
  const set = optionValue(words, '--set-xmark') ?? optionValue(words, '--set-mark');
  if (set !== undefined) {
    const [value = Number.NaN, mask = ALL] = set.split('/').map(Number);
    if (!Number.isInteger(value) || !Number.isInteger(mask)) return [{ target: own, unknown: true }];
    return [{ target: own, retain: (ALL & ~mask) >>> 0, source: null, keep: 0, flip: value }];
  }
  const packetMask = maskOf(words, '--nfmask');
  const connectionMask = maskOf(words, '--ctmask');
  if (words.includes('--save-mark'))
    return [{ target: 'ct-mark', retain: (ALL & ~connectionMask) >>> 0, source: 'mark', keep: packetMask, flip: 0 }];
  if (words.includes('--restore-mark'))
    return [{ target: 'mark', retain: (ALL & ~packetMask) >>> 0, source: 'ct-mark', keep: connectionMask, flip: 0 }];
  return [{ target: own, unknown: true }];
}

function maskOf(words: readonly string[], option: string): number {
  const mask = Number(optionValue(words, option) ?? ALL);
  return Number.isInteger(mask) ? mask : ALL;
}

function optionValue(words: readonly string[], option: string): string | undefined {
  const at = words.indexOf(option);
  return at < 0 ? undefined : words[at + 1];
}

function portsOf(text: string): Range | null {
  const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  return first === undefined ? null : [Number(first), Number(last ?? first)];
}
