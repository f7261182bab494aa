import { dnsAnswers } from '../../../src/probes/jaco/network/dns-answers.ts';
import type { ServiceName } from '../../../src/probes/jaco/network/service-names.ts';
import type { ExplainedFlow } from '../../../src/probes/jaco/traffic/explained-flow.ts';
import type { NameJudgement } from './judge-name.ts';

/** Networks whose queries to JACO's resolver are lost or redirected, measured from inside a container. */
export type LostQueries = { readonly redirected: ReadonlySet<string>; readonly lost: ReadonlySet<string> };

export function lostQueries(rows: readonly ExplainedFlow[]): LostQueries {
  const queries = rows.filter(({ flow }) => flow?.kind === 'resolver-udp' || flow?.kind === 'resolver-tcp');
  const networks = (of: readonly ExplainedFlow[]): ReadonlySet<string> =>
    new Set(of.flatMap(({ network }) => (network === null ? [] : [network])));
  return {
    redirected: networks(queries.filter(({ explanation }) => explanation.kind === 'redirected')),
    lost: networks(queries.filter(({ measured }) => measured)),
  };
}

/**
 * The obstacle between containers and JACO's resolver may also affect this host. Then a missing answer, or that of
 * another resolver, is not a fault of the name.
 */
export function underLoss(
  judgement: NameJudgement,
  { service, network }: ServiceName,
  { redirected, lost }: LostQueries,
): NameJudgement {
  const isRedirected = redirected.has(network);
  if (judgement.kind === 'unjudged' && (isRedirected || lost.has(network)))
    return { kind: 'unjudged', target: { ...judgement.target, root: dnsAnswers.name } };
  if (judgement.kind !== 'found' || !isRedirected) return judgement;
  const reason = `queries on ${network} are redirected, so another resolver may have answered`;
  return {
    kind: 'unjudged',
    target: { subject: `${service} on ${network}`, reason, next: { kind: 'answer' }, root: dnsAnswers.name },
  };
}
