import type { Finding, NotJudged } from '../../../src/engine/finding.ts';
import type { DifferentRoutes } from '../../../src/probes/jaco/network/routing-faults.ts';
import { describeRule } from '../../../src/probes/jaco/traffic/describe-rule.ts';
import type { ExplainedFlow } from '../../../src/probes/jaco/traffic/explained-flow.ts';
import { isToExternalHost } from '../../../src/probes/jaco/traffic/flow.ts';
import { describeRoute, describeWays } from './another-route.ts';
import { explainedNames, flowLines } from './drops.ts';

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
  const candidates = new Set(lost.flatMap(({ explanation }) => candidatesOf(explanation)));
  const doubts = new Set(
    lost.flatMap(({ explanation }) => (explanation.kind === 'unexplained' ? explanation.doubts : [])),
  );
  const translations = new Set(
    lost.flatMap(({ explanation }) =>
      explanation.kind === 'unexplained' ? (explanation.translations ?? []).map(describeRule) : [],
    ),
  );
  const untracked = new Set(
    lost.flatMap(({ explanation }) =>
      explanation.kind === 'unexplained' ? (explanation.untrackedBy ?? []).map(describeRule) : [],
    ),
  );
  const exempting = new Set(
    lost.flatMap(({ explanation }) =>
      explanation.kind === 'unexplained' ? (explanation.exemptedBy ?? []).map(describeRule) : [],
    ),
  );
  const changes = new Set(
    lost.flatMap(({ explanation }) =>
      explanation.kind === 'unexplained' ? (explanation.changedBy ?? []).map(describeRule) : [],
    ),
  );
  const isUntranslated = lost.some(
    ({ explanation }) => explanation.kind === 'unexplained' && explanation.untranslated === true,
  );
  const translated = candidates.size === 0 && translations.size > 0;
  const changed = candidates.size === 0 && changes.size > 0;
  const detour = ways.filter(({ network }) =>
    lost.some(({ flow }) => flow !== null && flow.network === network && isToExternalHost(flow)),
  );
  const way = candidates.size === 0 ? detour[0] : undefined;
  return [
    {
      id: 'pool_traffic_dropped',
      subject: null,
      explains: explainedNames(lost),
      cause:
        untracked.size > 0
          ? 'untracked'
          : isUntranslated
            ? exempting.size > 0
              ? 'exempted'
              : 'not-translated'
            : translated
              ? 'translated'
              : changed
                ? 'changed'
                : way !== undefined
                  ? 'another-route'
                  : 'unexplained',
      evidence: [
        ...flowLines(lost),
        ...[...candidates].slice(0, MAX_NAMED).map((one) => `possible dropper: ${one}`),
        ...[...doubts].slice(0, MAX_NAMED).map((one) => `not understood before it: ${one}`),
        ...(candidates.size === 0 ? ['no rule of this host that the doctor understands drops it'] : []),
        ...detour.slice(0, MAX_NAMED).map(describeWays),
        ...[...translations].slice(0, MAX_NAMED).map((one) => `translates it: ${one}`),
        ...(changed
          ? [...changes].slice(0, MAX_NAMED).map((one) => `sets a mark, a zone or the TTL of it: ${one}`)
          : []),
        ...[...untracked].slice(0, MAX_NAMED).map((one) => `not tracked because of: ${one}`),
        ...[...exempting]
          .slice(0, MAX_NAMED)
          .map((one) => `ends address translation before a rule translates it: ${one}`),
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
        untracked: [...untracked].slice(0, MAX_NAMED).join('; '),
        exempting: [...exempting].slice(0, MAX_NAMED).join('; '),
        translations: [...translations].slice(0, MAX_NAMED).join('; '),
        changes: [...changes].slice(0, MAX_NAMED).join('; '),
        chains: candidates.size === 0 ? 'none was found' : [...candidates].slice(0, MAX_NAMED).join('; '),
      },
    },
  ];
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
