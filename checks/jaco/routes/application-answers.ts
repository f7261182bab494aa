import type { Finding } from '../../../src/engine/finding.ts';
import type { RouteAnswer } from '../../../src/probes/jaco/ingress/route-answers.ts';
import type { Route } from '../../../src/probes/jaco/runtime/stored-ingress.ts';
import { nameOf, otherRoutes } from './no-upstreams.ts';

/** Routes of one service whose application accepts connections but does not answer a request; null if all answer. */
export function unanswered(
  routes: readonly Route[],
  answerOf: (route: Route) => RouteAnswer | undefined,
): Finding<'route_upstream_unreachable', never> | null {
  const bad = routes.flatMap((route) => {
    const answer = answerOf(route);
    return answer === undefined || answer.kind === 'status' ? [] : [{ route, answer }];
  });
  const [worst] = bad;
  if (worst === undefined) return null;
  const { route, answer } = worst;
  return {
    id: 'route_upstream_unreachable',
    subject: nameOf(route),
    cause: answer.kind === 'silent' ? 'no-answer' : 'not-http',
    values: { domain: route.domain, service: route.service, port: String(route.port) },
    evidence: [
      `${nameOf(route)} leads to service ${route.service} of ${route.deployment}, port ${route.port}`,
      `a HEAD request to ${answer.dial} got no answer: ${answer.detail}`,
      ...otherRoutes(bad.map((one) => one.route)),
    ],
    isRoot: true,
  };
}

/** The applications' answers as evidence. The status of an application is never a fault of the proxy. */
export function describeAnswers(answers: readonly RouteAnswer[]): readonly string[] {
  const byStatus = new Map<number, number>();
  for (const answer of answers)
    if (answer.kind === 'status') byStatus.set(answer.status, (byStatus.get(answer.status) ?? 0) + 1);
  if (byStatus.size === 0) return [];
  const counts = [...byStatus].sort(([a], [b]) => a - b).map(([status, count]) => `HTTP ${status}: ${count}`);
  const errors = answers.flatMap((answer) =>
    answer.kind === 'status' && answer.status >= 400
      ? [`the application behind ${answer.domain}${answer.pattern} answers HTTP ${answer.status} itself`]
      : [],
  );
  return [`answers of applications to HEAD by status: ${counts.join(', ')}`, ...errors.slice(0, 5)];
}
