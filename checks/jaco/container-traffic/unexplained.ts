import type { Cause, Finding, NotJudged } from '../../../src/engine/finding.ts';
import type { DifferentRoutes } from '../../../src/probes/jaco/network/routing-faults.ts';
import { describeRule } from '../../../src/probes/jaco/traffic/describe-rule.ts';
import type { ExplainedFlow } from '../../../src/probes/jaco/traffic/explained-flow.ts';
import { isToExternalHost } from '../../../src/probes/jaco/traffic/flow.ts';
import type { NamedRule } from '../../../src/probes/jaco/traffic/named-rule.ts';
import { describeRoute, describeWays } from './another-route.ts';
import { explainedNames, flowLines } from './drops.ts';

type Unexplained = Extract<ExplainedFlow['explanation'], { kind: 'unexplained' }>;

/** Most chains and expressions that are named. */
const MAX_NAMED = 6;

/**
 * Measured losses that no rule surely explains: one finding with the chains that may drop the packets. `ways` are the
 * networks whose packets to the outside take another route than those of this host.
 */
export function unexplainedFinding(
  rows: readonly ExplainedFlow[],
  ways: readonly DifferentRoutes[],
  pool: string,
): readonly Finding<'pool_traffic_dropped', 'names'>[] {
  const lost = rows.filter(({ measured, explanation }) => measured && explanation.kind !== 'redirected');
  const [first] = lost;
  if (first === undefined) return [];
  const open = lost.flatMap(({ explanation }) => (explanation.kind === 'unexplained' ? [explanation] : []));
  const named = (rulesOf: (one: Unexplained) => readonly NamedRule[] | undefined): readonly string[] =>
    firstFew(open.flatMap((one) => (rulesOf(one) ?? []).map(describeRule)));
  const candidates = firstFew(lost.flatMap(({ explanation }) => candidatesOf(explanation)));
  const hasNoDropper = candidates.length === 0;
  const untracked = named(({ untrackedBy }) => untrackedBy);
  const exempting = named(({ exemptedBy }) => exemptedBy);
  const translations = named(({ translations }) => translations);
  const changes = named(({ changedBy }) => changedBy);
  const isUntranslated = open.some(({ untranslated }) => untranslated === true);
  const detour = ways.filter(({ network }) =>
    lost.some(({ flow }) => flow !== null && flow.network === network && isToExternalHost(flow)),
  );
  const way = hasNoDropper ? detour[0] : undefined;
  const causeOf = (): Cause<'pool_traffic_dropped'> => {
    if (untracked.length > 0) return 'untracked';
    if (isUntranslated) return exempting.length > 0 ? 'exempted' : 'not-translated';
    if (hasNoDropper && translations.length > 0) return 'translated';
    if (hasNoDropper && changes.length > 0) return 'changed';
    return way === undefined ? 'unexplained' : 'another-route';
  };
  return [
    {
      id: 'pool_traffic_dropped',
      subject: null,
      explains: explainedNames(lost),
      cause: causeOf(),
      evidence: [
        ...flowLines(lost),
        ...candidates.map((one) => `possible dropper: ${one}`),
        ...firstFew(open.flatMap(({ doubts }) => doubts)).map((one) => `not understood before it: ${one}`),
        ...(hasNoDropper ? ['no rule of this host that the doctor understands drops it'] : []),
        ...detour.slice(0, MAX_NAMED).map(describeWays),
        ...translations.map((one) => `translates it: ${one}`),
        ...(hasNoDropper ? changes : []).map((one) => `sets a mark, a zone or the TTL of it: ${one}`),
        ...untracked.map((one) => `not tracked because of: ${one}`),
        ...exempting.map((one) => `ends address translation before a rule translates it: ${one}`),
        ...(isUntranslated
          ? [
              "no rule of this host translates its source address: it leaves with the container's own, and no answer returns",
            ]
          : []),
      ],
      values: {
        flow: first.what,
        pool,
        route: way === undefined ? '' : describeRoute(way.route),
        untracked: untracked.join('; '),
        exempting: exempting.join('; '),
        translations: translations.join('; '),
        changes: changes.join('; '),
        chains: hasNoDropper ? 'none was found' : candidates.join('; '),
      },
    },
  ];
}

function firstFew(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].slice(0, MAX_NAMED);
}

function candidatesOf(explanation: ExplainedFlow['explanation']): readonly string[] {
  if (explanation.kind === 'unexplained') return explanation.candidates.map(describeRule);
  return explanation.by === null ? [] : [describeRule(explanation.by)];
}

/** Flows that were not measured and that a chain may drop, after a rule that was not understood. */
export function openQuestions(rows: readonly ExplainedFlow[]): readonly NotJudged[] {
  return rows.flatMap(({ what, measured, reason, explanation }) => {
    if (measured || explanation.kind !== 'unexplained') return [];
    const [candidate] = explanation.candidates;
    if (candidate === undefined) return [];
    if (explanation.foreignSource)
      return [
        {
          subject: what,
          reason: `not measured (${reason ?? 'unknown'}), and ${describeRule(candidate)} gives it a source address that this host does not have`,
          next: { kind: 'do', text: 'Check that the network routes that address to this host, or remove the rule.' },
        },
      ];
    if (explanation.doubts.length === 0) return [];
    return [
      {
        subject: what,
        reason: `not measured (${reason ?? 'unknown'}), and ${describeRule(candidate)} may drop it; not understood: ${explanation.doubts.slice(0, 3).join('; ')}`,
        next: { kind: 'do', text: 'Read that chain: the doctor does not understand a rule before it.' },
      },
    ];
  });
}
