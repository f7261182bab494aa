import { clean } from '../../../engine/text.ts';
import { readMatch } from './nft-match.ts';
import { type RulePart, readStatement } from './nft-statement.ts';
import type { Predicate, Rule } from './table.ts';

type Fields = { readonly [key: string]: unknown };

/** The elements of a verdict map by its name, in nft's JSON; undefined for an unknown map. */
export type VerdictMaps = (name: string) => readonly unknown[] | undefined;

const MAX_TEXT = 300;
const OTHER: Predicate = { field: 'other' };

/**
 * Converts one rule of nft's JSON. A rule that maps states, interfaces or other keys to verdicts becomes one rule for
 * each verdict. An unknown part becomes a predicate without a result, or a verdict that may be any.
 */
export function readRule(
  expr: unknown,
  handle: unknown,
  comment: unknown,
  maps: VerdictMaps = () => undefined,
): readonly Rule[] {
  const expressions: readonly unknown[] = Array.isArray(expr) ? expr : [{ unknown: expr ?? null }];
  const at = expressions.findIndex((one) => 'vmap' in Object(one));
  const cases = at < 0 ? [[]] : readVerdictMap((Object(expressions[at]) as Fields)['vmap'], maps);
  const before = (at < 0 ? expressions : expressions.slice(0, at)).map(readStatement);
  const quoted = typeof comment === 'string' ? [`comment "${comment}"`] : [];
  const shared = {
    handle: Number.isInteger(handle) ? (handle as number) : null,
    extended: expressions.some((one) => 'xt' in Object(one)),
    untracks: expressions.some(untracks),
  };
  return cases.map((parts) => ruleOf([...before, ...parts], quoted, shared));
}

function ruleOf(
  parts: readonly RulePart[],
  quoted: readonly string[],
  shared: Pick<Rule, 'handle' | 'extended' | 'untracks'>,
): Rule {
  const marks = parts.flatMap(({ marks = [] }) => marks);
  const diverting = parts.find(({ divertsTo }) => divertsTo !== undefined);
  const ending = parts.findLast(({ verdict }) => verdict !== undefined);
  return {
    predicates: parts.flatMap(({ predicates = [] }) => predicates),
    verdict: ending?.verdict ?? { kind: 'none' },
    text: clean([...parts.map(({ text }) => text), ...quoted].filter(Boolean).join(' '), MAX_TEXT),
    ...shared,
    ...(marks.length > 0 ? { marks } : {}),
    ...(ending?.rewrite === undefined ? {} : { rewrite: ending.rewrite }),
    // Without a socket, nft continues after the rule; only a mark then leads the packet to this host.
    ...(diverting?.divertsTo === undefined || marks.length === 0 ? {} : { divertsTo: diverting.divertsTo }),
    ...(ending?.answer === undefined ? {} : { answer: ending.answer }),
  };
}

/**
 * Converts `iifname vmap {"eth0": jump world, …}` to the keys of each verdict. No two keys of a map match the same
 * packet.
 */
function readVerdictMap(map: unknown, maps: VerdictMaps): readonly (readonly RulePart[])[] {
  const { key, data } = Object(map) as Fields;
  const named = typeof data === 'string' && data.startsWith('@') ? data : null;
  const pairs = named === null ? (Object(data) as Fields)['set'] : maps(named.slice(1));
  if (!Array.isArray(pairs))
    return [[{ text: `vmap ${named ?? '?'}`, predicates: [OTHER], verdict: { kind: 'other' } }]];
  const byVerdict = new Map<string, { readonly verdict: unknown; readonly keys: unknown[] }>();
  for (const pair of pairs as readonly unknown[]) {
    const [value, verdict]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    const known = JSON.stringify(verdict) ?? '';
    const same = byVerdict.get(known) ?? { verdict, keys: [] as unknown[] };
    same.keys.push(value);
    byVerdict.set(known, same);
  }
  return [...byVerdict.values()].map(({ verdict, keys }) => [
    readMatch({ op: '==', left: key, right: { set: keys } }),
    readStatement(verdict),
  ]);
}

function untracks(expression: unknown): boolean {
  const { xt, notrack } = Object(expression) as { xt?: Fields; notrack?: unknown };
  if (xt === undefined) return notrack !== undefined;
  const { type, name } = Object(xt) as Fields;
  return type !== 'match' && (name === undefined || name === 'CT' || name === 'NOTRACK');
}
