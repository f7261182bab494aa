import { explainPath, type PathRewrite } from '../../host/filter/explain-path.ts';
import { packetPaths } from '../../host/filter/packet-paths.ts';
import type { Path } from '../../host/filter/path.ts';
import type { Table } from '../../host/filter/table.ts';
import { ipv4, overlapsAny, type Range } from '../../host/ipv4.ts';
import type { GatewayListeners } from '../network/gateway-listeners.ts';
import { describeFlow, exchangeOf } from './exchange-of.ts';
import { dropsEveryTarget, explainUnsentToInternet } from './explain-internet.ts';
import { foreignSourceOf, lossOf, redirectOf, unmeasured, withTranslation } from './explain-loss.ts';
import type { ExplainedFlow, FlowExplanation, RuleContext } from './explained-flow.ts';
import { type Flow, isOutside, isToExternalHost } from './flow.ts';
import { namedRule } from './named-rule.ts';

export function explainFlow(flow: Flow, context: RuleContext): readonly ExplainedFlow[] {
  const tables = isToExternalHost(flow) ? context.outward[flow.target.protocol] : context.tables;
  const exchange = exchangeOf(flow, context);
  const what = describeFlow(flow);
  const row = { what, network: flow.network, flow, general: true };
  if (exchange === null)
    return flow.outcome.kind === 'lost'
      ? [{ ...row, measured: true, reason: null, explanation: { kind: 'unexplained', candidates: [], doubts: [] } }]
      : [];
  const { request, answer } = packetPaths(exchange);
  const redirect = isQuestion(flow) ? redirectOf(tables, request) : null;
  const redirected = (by: PathRewrite | null): FlowExplanation => ({
    kind: 'redirected',
    by: by === null ? null : namedRule(by, tables),
  });
  if (flow.outcome.kind === 'not-measured') {
    const { reason } = flow.outcome;
    // One silent router or registry does not represent the outside.
    if (isOutside(flow)) {
      const rows = explainUnsentToInternet(flow, reason, context);
      const explanation = rows.length > 0 ? null : foreignSourceOf(request, context);
      return explanation === null ? rows : [{ ...row, measured: false, reason, explanation }];
    }
    if (redirect?.certainty === 'sure') return [{ ...row, measured: false, reason, explanation: redirected(redirect) }];
    const explanation = unmeasured(tables, [request, answer]);
    return explanation === null ? [] : [{ ...row, measured: false, reason, explanation }];
  }
  if (flow.outcome.kind === 'passed') {
    if (isAnsweredByAnother(flow, context) && (redirect !== null || isSettledListener(flow, context.listeners)))
      return [{ ...row, measured: true, reason: null, explanation: redirected(redirect) }];
    if (!isRefusedOnTheWay(flow, tables, request, context.listeners))
      return isOutside(flow) && mayBeRefusedOnTheWay(flow, tables, request)
        ? explainUnsentToInternet(
            flow,
            'a rule of this host may have sent the refusal in the name of the target',
            context,
          )
        : [];
  }
  if (redirect?.certainty === 'sure')
    return [{ ...row, measured: true, reason: null, explanation: redirected(redirect) }];
  const loss = lossOf(tables, [request, answer]);
  if (redirect !== null && loss.kind === 'unexplained')
    return [{ ...row, measured: true, reason: null, explanation: redirected(redirect) }];
  const explanation = exchange.masqueradeAs === undefined ? loss : withTranslation(loss, request, context);
  const general = !isOutside(flow) || dropsEveryTarget(explanation, flow, context);
  return [{ ...row, measured: true, reason: null, general, explanation }];
}

function isQuestion({ kind }: Flow): boolean {
  return kind === 'resolver-udp' || kind === 'resolver-tcp' || kind === 'outside-name';
}

/**
 * JACO's resolver answers a service name with addresses of the pool. Another answer comes from another resolver, unless
 * this host gets no address of the pool either.
 */
function isAnsweredByAnother({ kind, network, target, outcome }: Flow, { pool, names }: RuleContext): boolean {
  if (kind !== 'resolver-udp' && kind !== 'resolver-tcp') return false;
  if (pool === null || outcome.kind !== 'passed') return false;
  const { reply } = outcome;
  if (reply.kind !== 'answer' || reply.how !== 'dns' || hasPoolAddress(reply.addresses, pool)) return false;
  const here = names.find((one) => one.network === network && one.service === target.question)?.a;
  return here === undefined || (here.kind === 'answer' && hasPoolAddress(here.addresses, pool));
}

function hasPoolAddress(addresses: readonly string[], pool: Range): boolean {
  return addresses.some((text) => {
    const address = ipv4(text);
    return address !== null && overlapsAny([pool], [address, address]);
  });
}

/** Whether the daemon has had the port for long enough: after its start it does not know every name at once. */
function isSettledListener(flow: Flow, listeners: GatewayListeners | null): boolean {
  const there = listeners?.list.find(({ gateway }) => gateway === flow.target.host);
  return there?.young === false && isDaemonListening(flow, listeners);
}

/** Whether the daemon listens on the port to which a query was sent. */
function isDaemonListening({ kind, target }: Flow, listeners: GatewayListeners | null): boolean {
  const there = listeners?.list.find(({ gateway }) => gateway === target.host);
  return (kind === 'resolver-tcp' ? there?.tcp : there?.udp)?.kind === 'daemon';
}

/**
 * A refusal can come from the target, whose closed port was asked, or from a rule on the way that answers in its name.
 * The resolver's port is not closed while the daemon listens there.
 */
function isRefusedOnTheWay(
  flow: Flow,
  tables: readonly Table[],
  request: Path,
  listeners: GatewayListeners | null,
): boolean {
  const { kind, outcome } = flow;
  if (outcome.kind !== 'passed' || outcome.reply.kind !== 'answer') return false;
  const { how } = outcome.reply;
  if (how !== 'reset' && how !== 'port-unreachable') return false;
  if (kind === 'resolver-udp' || kind === 'resolver-tcp') return isDaemonListening(flow, listeners);
  return refusersOf(how, tables, request).some(({ certainty }) => certainty === 'sure');
}

/** The rules on the way of a packet whose answer looks like that of a closed port. */
function refusersOf(how: 'reset' | 'port-unreachable', tables: readonly Table[], request: Path) {
  const wanted = how === 'reset' ? /tcp reset|port-unreachable/ : /port-unreachable/;
  return explainPath(tables, request).droppers.filter(({ rule }) => wanted.test(rule?.answer ?? ''));
}

/** Matches that apply only above a rate or a number, which one packet of this program does not exceed. */
const ABOVE = /limit|quota|ct count|recent|meter/;

/** Whether a refusal proves nothing: a rule that would send it may or may not apply, for another reason than a limit. */
function mayBeRefusedOnTheWay({ outcome }: Flow, tables: readonly Table[], request: Path): boolean {
  if (outcome.kind !== 'passed' || outcome.reply.kind !== 'answer') return false;
  const { how } = outcome.reply;
  if (how !== 'reset' && how !== 'port-unreachable') return false;
  return refusersOf(how, tables, request).some(({ rule }) => !ABOVE.test(rule?.text ?? ''));
}
