import { explainPath, type PathDropper } from '../../host/filter/explain-path.ts';
import { packetPaths } from '../../host/filter/packet-paths.ts';
import type { Path } from '../../host/filter/path.ts';
import { ipv4, isPublic } from '../../host/ipv4.ts';
import type { LocalContainer } from '../network/local-containers.ts';
import { describeRule } from './describe-rule.ts';
import { describeFlow, type ExchangeContext, exchangeOf } from './exchange-of.ts';
import { lossOf, unmeasured } from './explain-loss.ts';
import type { ExplainedFlow, FlowExplanation, RuleContext } from './explained-flow.ts';
import { type Flow, isToExternalHost } from './flow.ts';
import { namedRule } from './named-rule.ts';

const NOTHING_PUBLIC = 'the configuration of this node names no host on the Internet';

/**
 * The effect of the rules on the Internet as a whole, if no public host was asked: a neighbour that answers does not
 * represent it. If a neighbour passes, the rules count only if they are sure and agree with what was measured for the
 * neighbour.
 */
export function explainInternet(
  { network, replica, ip }: LocalContainer,
  flows: readonly Flow[],
  context: RuleContext,
): readonly ExplainedFlow[] {
  const sent = flows.filter((one) => one.network === network && one.start.kind === 'container');
  const external = sent.filter(isToExternalHost);
  const isMeasured = external.some(
    ({ outcome, target }) => outcome.kind !== 'passed' || isPublic(ipv4(target.host) ?? 0),
  );
  if (isMeasured || sent.length === 0) return [];
  const flow: Flow = {
    kind: 'outside',
    network,
    start: { kind: 'container', network, replica, ip },
    target: INTERNET_TARGET,
    sinceMs: null,
    outcome: { kind: 'not-measured', reason: NOTHING_PUBLIC },
  };
  const rows = explainUnsentToInternet(flow, NOTHING_PUBLIC, context);
  if (external.length === 0) return rows;
  if (external.some((one) => isSurelyDropped(one, context))) return [];
  return rows.filter(({ explanation }) => explanation.kind === 'dropped');
}

function isSurelyDropped(flow: Flow, context: RuleContext): boolean {
  const exchange = exchangeOf(flow, context);
  if (exchange === null) return false;
  const { request, answer } = packetPaths(exchange);
  return lossOf(context.outward[flow.target.protocol], [request, answer]).kind === 'dropped';
}

/** Public addresses. One target does not represent them, but what holds for all these ranges holds for the outside. */
const PUBLIC_RANGES = [
  '1.0.0.0-9.255.255.255',
  '11.0.0.0-100.63.255.255',
  '128.0.0.0-168.255.255.255',
  '193.0.0.0-223.255.255.255',
];

/** A flow to the Internet as a whole. */
export const INTERNET_TARGET: Flow['target'] = {
  host: '',
  port: 0,
  protocol: 'tcp',
  name: 'the outside',
  question: null,
};

/** The packets of a flow to each public range and their answers. */
function outsidePaths(flow: Flow, context: ExchangeContext): readonly (readonly Path[])[] {
  return PUBLIC_RANGES.flatMap((host) => {
    const exchange = exchangeOf({ ...flow, target: { ...flow.target, host, port: 0 } }, context);
    if (exchange === null) return [];
    const { request, answer } = packetPaths({ ...exchange, dport: null });
    return [[request, answer]];
  });
}

/**
 * The effect of the rules on the Internet as a whole, if nothing could be sent there. A rule for some destinations is a
 * policy.
 */
export function explainUnsentToInternet(flow: Flow, reason: string, context: RuleContext): readonly ExplainedFlow[] {
  const all = outsidePaths(flow, context).map((paths) => unmeasured(context.outward[flow.target.protocol], paths));
  const [first] = all;
  if (first === undefined || first === null || all.includes(null)) return [];
  const open = all.find((one) => one?.kind === 'unexplained') ?? null;
  const what = describeFlow({ ...flow, target: INTERNET_TARGET });
  const row = { what, network: flow.network, flow, measured: false, reason, general: true };
  return [{ ...row, explanation: open ?? first }];
}

/**
 * Whether the rules that drop traffic to one target, or may drop it, would do the same to any. If a public address
 * passes them, they are a policy for this target.
 */
export function dropsEveryTarget(explanation: FlowExplanation, flow: Flow, context: RuleContext): boolean {
  if (explanation.kind === 'redirected') return true;
  const tables = context.outward[flow.target.protocol];
  const reaches = (isWanted: (dropper: PathDropper) => boolean): boolean =>
    outsidePaths(flow, context).every((paths) =>
      paths.some((path) => explainPath(tables, path).droppers.some(isWanted)),
    );
  if (explanation.kind === 'dropped' && explanation.how === 'sure')
    return reaches(({ certainty }) => certainty === 'sure');
  const candidates = explanation.kind === 'dropped' ? [explanation.by] : explanation.candidates;
  const known = new Set(candidates.map(describeRule));
  return candidates.length === 0 || reaches((dropper) => known.has(describeRule(namedRule(dropper, tables))));
}
