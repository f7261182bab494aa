import { mayApply } from '../../host/filter/evaluate-chain.ts';
import { explainMeasuredLoss, explainPath, type PathRewrite } from '../../host/filter/explain-path.ts';
import type { HookStep, Path } from '../../host/filter/path.ts';
import type { Chain, Rule, Table } from '../../host/filter/table.ts';
import { rangeText } from '../../host/ipv4.ts';
import type { FlowExplanation, RuleContext } from './explained-flow.ts';
import { type NamedRule, namedRule } from './named-rule.ts';

type Wanted = (rule: Rule, chain: Chain) => boolean;

/** Rules of a kind that may apply to a packet at these hooks, in any chain. */
function rulesAt(
  hooks: readonly HookStep['hook'][],
  { steps }: Path,
  tables: readonly Table[],
  isWanted: Wanted,
): readonly NamedRule[] {
  const step = steps.find(({ family, hook }) => family === 'ip' && hooks.includes(hook));
  if (step === undefined) return [];
  return tables
    .filter(({ dormant }) => dormant !== true)
    .flatMap((table) =>
      table.chains.flatMap((chain) =>
        chain.rules
          .filter((rule) => isWanted(rule, chain) && mayApply(rule, table, step.packet))
          .map((rule) => namedRule({ table, chain: chain.name, rule, hook: step.hook }, tables)),
      ),
    );
}

function rulesBeforeRouting(path: Path, tables: readonly Table[], isWanted: Wanted): readonly NamedRule[] {
  return rulesAt(['prerouting', 'output'], path, tables, isWanted);
}

/** Rules that end address translation of the source before a rule translates it. */
function rulesEndingTranslation(path: Path, tables: readonly Table[]): readonly NamedRule[] {
  return rulesAt(
    ['postrouting'],
    path,
    tables,
    ({ verdict, rewrite }, { base }) =>
      base?.type === 'nat' &&
      base.hook === 'postrouting' &&
      rewrite === undefined &&
      (verdict.kind === 'accept' || verdict.kind === 'return'),
  );
}

/** Rules that may exclude a packet from tracking. */
function untrackersOf(path: Path, tables: readonly Table[]): readonly NamedRule[] {
  return rulesBeforeRouting(path, tables, ({ untracks }) => untracks);
}

/**
 * Rules that set a mark, by which a routing rule may select another table; a zone, in which an answer finds no
 * connection; or the remaining hops of a packet.
 */
function changersOf(path: Path, tables: readonly Table[]): readonly NamedRule[] {
  return rulesBeforeRouting(
    path,
    tables,
    ({ marks = [], text }) => marks.some(({ target }) => target === 'mark') || CHANGE.test(text),
  );
}

const CHANGE = /\bct zone set\b|-j CT\b.* --zone|\bip ttl set\b|-j TTL --ttl-(set|dec)/;

/** Adds the effect of address translation for a packet whose source must be translated for an answer to arrive. */
export function withTranslation(
  loss: FlowExplanation,
  request: Path,
  { tables, allRulesKnown }: RuleContext,
): FlowExplanation {
  const { rewrites, droppers } = explainPath(tables, request);
  const isTranslated = rewrites.some(({ rewrite: { kind } }) => kind === 'masquerade' || kind === 'snat');
  // Then no answer comes back, so no rule can drop one.
  if (!isTranslated && allRulesKnown && droppers.length === 0)
    return {
      kind: 'unexplained',
      candidates: [],
      doubts: [],
      untranslated: true,
      untrackedBy: untrackersOf(request, tables),
      exemptedBy: rulesEndingTranslation(request, tables),
    };
  if (loss.kind !== 'unexplained') return loss;
  const others = rewrites.filter(({ rewrite: { kind } }) => kind !== 'masquerade');
  return { ...loss, translations: others.map((one) => namedRule(one, tables)) };
}

/**
 * The rule that surely gives a packet a source address which this host does not have; null if there is none. Answers
 * return only if the network routes that address to this host.
 */
export function foreignSourceOf(request: Path, { tables, kernel }: RuleContext): FlowExplanation | null {
  const own = new Set(kernel.links.flatMap(({ addresses }) => addresses));
  const by = explainPath(tables, request).rewrites.find(({ certainty, rewrite: { kind, address } }) => {
    return certainty === 'sure' && kind === 'snat' && address !== null && !own.has(rangeText(address));
  });
  if (by === undefined) return null;
  return { kind: 'unexplained', candidates: [namedRule(by, tables)], doubts: [], foreignSource: true };
}

export function redirectOf(tables: readonly Table[], request: Path): PathRewrite | null {
  const all = explainPath(tables, request).rewrites.filter(
    ({ rewrite: { kind } }) => kind === 'redirect' || kind === 'dnat',
  );
  return all.find(({ certainty }) => certainty === 'sure') ?? all[0] ?? null;
}

export function lossOf(tables: readonly Table[], paths: readonly Path[]): FlowExplanation {
  const loss = explainMeasuredLoss(tables, paths);
  if (loss.kind === 'explained') return { kind: 'dropped', by: namedRule(loss.by, tables), how: loss.how };
  return {
    kind: 'unexplained',
    changedBy: loss.candidates.length > 0 ? [] : paths.flatMap((path) => changersOf(path, tables)),
    candidates: loss.candidates.map((one) => namedRule(one, tables)),
    doubts: [...new Set(loss.candidates.flatMap(({ doubts }) => doubts))].slice(0, 10),
  };
}

/** Without a measurement, only a rule that surely drops is reported. A chain that may drop leaves the question open. */
export function unmeasured(tables: readonly Table[], paths: readonly Path[]): FlowExplanation | null {
  const droppers = paths.flatMap((path) => explainPath(tables, path).droppers);
  const sure = droppers.find(({ certainty }) => certainty === 'sure');
  if (sure !== undefined) return { kind: 'dropped', by: namedRule(sure, tables), how: 'sure' };
  if (droppers.length === 0) return null;
  return {
    kind: 'unexplained',
    candidates: droppers.map((one) => namedRule(one, tables)),
    doubts: [...new Set(droppers.flatMap(({ doubts }) => doubts))].slice(0, 10),
  };
}
