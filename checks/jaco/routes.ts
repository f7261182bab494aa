import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged, notJudgedBecause } from '../../src/engine/finding.ts';
import { groupBy } from '../../src/engine/group-by.ts';
import type { NextStep } from '../../src/engine/next-step.ts';
import { factOf, type Outcome } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { waitNote } from '../../src/engine/wait-note.ts';
import { containerPorts } from '../../src/probes/jaco/ingress/container-ports.ts';
import { type LoadState, loadState } from '../../src/probes/jaco/ingress/load-state.ts';
import { loadedRoutes } from '../../src/probes/jaco/ingress/loaded-routes.ts';
import { pathPattern } from '../../src/probes/jaco/ingress/parse-proxy-config.ts';
import { proxyConfig } from '../../src/probes/jaco/ingress/proxy-config.ts';
import { routeAnswers } from '../../src/probes/jaco/ingress/route-answers.ts';
import { routes } from '../../src/probes/jaco/ingress/routes.ts';
import { type UpstreamConnects, upstreamConnects } from '../../src/probes/jaco/ingress/upstream-connects.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { deployments } from '../../src/probes/jaco/runtime/deployments.ts';
import { replicaViews } from '../../src/probes/jaco/runtime/replica-views.ts';
import type { Route } from '../../src/probes/jaco/runtime/stored-ingress.ts';
import { describeAnswers, unanswered } from './routes/application-answers.ts';
import { nameOf, noUpstreams } from './routes/no-upstreams.ts';
import { takenRoutes } from './routes/taken-routes.ts';
import { type Upstream, unreachable } from './routes/unreachable.ts';
import { usabilityOf } from './routes/usability.ts';

type CheckFinding = Finding<'route_taken' | 'route_no_upstreams' | 'route_upstream_unreachable', never>;

/** Most findings of one kind of fault. Further ones concern other services in the same way. */
const MAX_FINDINGS = 20;

const READ_LOG: NextStep = { kind: 'run', argv: ['journalctl', '-u', 'jaco', '-n', '50', '--no-pager'] };

export default check({
  name: 'routes',
  group: 'ingress',
  where: 'anywhere',
  title: 'every declared route is stored and has a usable upstream',
  reads: {
    routes,
    deployments,
    replicas: replicaViews,
    loaded: attempt(loadedRoutes),
    state: attempt(loadState),
    connects: attempt(upstreamConnects),
    ports: attempt(containerPorts),
    answers: attempt(routeAnswers),
    host: localNode,
  },
  finds: ['route_taken', 'route_no_upstreams', 'route_upstream_unreachable'],
  applies: ({ routes, deployments: { declared = [] } }) =>
    routes.list.length > 0 || declared.some((one) => one.routes.length > 0) || 'no deployment declares a route',
  judge({ routes: stored, deployments, replicas: { views }, loaded, state, connects, ports, answers, host }, now) {
    const taken = takenRoutes(deployments.declared ?? [], stored, deployments.list);
    const upstreamsByKey = new Map(
      factOf(loaded)?.routes.map(({ domain, pattern, upstreams }) => [`${domain} ${pattern}`, upstreams]) ?? [],
    );
    const connectsByDial = new Map(factOf(connects)?.list.map((one) => [one.dial, one]) ?? []);
    const viewsByIp = new Map(views.flatMap((view) => Object.values(view.row.ips).map((ip) => [ip, view] as const)));
    const socketsByReplica = new Map(factOf(ports)?.map(({ replica, sockets }) => [replica, sockets]) ?? []);
    const upstreamOf = (dial: string): readonly Upstream[] => {
      const connect = connectsByDial.get(dial);
      const view = viewsByIp.get(dial.slice(0, dial.lastIndexOf(':')));
      if (connect === undefined) return [];
      const sockets = view === undefined ? null : (socketsByReplica.get(view.row.id) ?? null);
      const isLocal = view === undefined || view.row.host === null ? null : view.isLocal;
      return [{ connect, row: view?.row ?? null, isLocal, sockets }];
    };

    const answered = factOf(answers)?.list ?? [];
    const answersByKey = new Map(answered.map((one) => [`${one.domain} ${one.pattern}`, one]));
    const answerOf = ({ domain, path }: Route) => answersByKey.get(`${domain} ${pathPattern(path)}`);

    const [empty, lost]: [CheckFinding[], CheckFinding[]] = [[], []];
    const notes: string[] = [];
    let usable = 0;
    let accepting = 0;
    for (const group of byTarget(stored.list)) {
      const [{ deployment, service }] = group;
      const own = views.filter(({ row }) => row.deployment === deployment && row.service === service);
      const usability = usabilityOf(
        service,
        deployments.list.find(({ name }) => name === deployment),
        own,
        loaded.kind === 'not-applicable' ? 'other' : 'own',
        now,
      );
      const dials = (route: Route): readonly string[] | null =>
        upstreamsByKey.get(`${route.domain} ${pathPattern(route.path)}`) ?? null;
      // The proxy's configuration counts; if it is unknown, JACO's own rule.
      const without = group.filter((route) =>
        loaded.kind === 'value' ? dials(route)?.length === 0 : usability.kind !== 'usable',
      );
      const [first] = without;
      if (first !== undefined) {
        if (usability.kind === 'coming')
          notes.push(waitNote(`${nameOf(first)} has no upstream yet: ${usability.note}`));
        else empty.push(noUpstreams(without as [Route], usability, loaded.kind === 'value'));
      }
      const withUpstreams = group.filter((route) => (dials(route)?.length ?? 0) > 0);
      usable += loaded.kind === 'value' ? withUpstreams.length : group.length - without.length;
      if (withUpstreams.length === 0) continue;
      const reached = unreachable(
        withUpstreams,
        withUpstreams.slice(0, 1).flatMap((route) => (dials(route) ?? []).flatMap(upstreamOf)),
        now,
      );
      notes.push(...reached.notes.map(waitNote));
      const finding = reached.finding ?? unanswered(withUpstreams, answerOf);
      if (finding !== null) lost.push(finding);
      else if (reached.notes.length === 0) accepting += withUpstreams.length;
    }
    const found: readonly CheckFinding[] = [taken.findings, empty, lost].flatMap((list) => list.slice(0, MAX_FINDINGS));
    return judged(
      found.map((finding): CheckFinding => ({ ...finding, node: host.hostname })),
      {
        evidence: [
          `routes with an upstream${loaded.kind === 'value' ? ' in the proxy of this node' : " by JACO's state"}: ${usable} of ${stored.list.length}`,
          ...(accepting > 0 ? [`routes whose upstreams accept connections from this node: ${accepting}`] : []),
          ...describeAnswers(answered),
        ],
        notes: [...firstNotes(notes), ...beyond([taken.findings, empty, lost])],
        notJudged: [
          ...taken.notJudged,
          ...proxyNotJudged(loaded, connects),
          ...connectsNotJudged(connects),
          ...missingRoutes(state),
        ],
      },
    );
  },
});

/** The routes of each service and port, in their order. */
function byTarget(list: readonly Route[]): readonly (readonly [Route, ...Route[]])[] {
  return [...groupBy(list, ({ deployment, service, port }) => `${deployment} ${service} ${port}`).values()];
}

function firstNotes(notes: readonly string[]): readonly string[] {
  return notes.length <= 8 ? notes : [...notes.slice(0, 8), waitNote(`and ${notes.length - 8} more such notes`)];
}

function beyond(lists: readonly (readonly unknown[])[]): readonly string[] {
  const hidden = lists.reduce((sum, { length }) => sum + Math.max(0, length - MAX_FINDINGS), 0);
  return hidden === 0 ? [] : [`${hidden} more services have such faults`];
}

/** From outside, neither the proxy nor a container is visible. */
function proxyNotJudged(loaded: Outcome, connects: Outcome): readonly NotJudged[] {
  const [failure] = [loaded, connects].flatMap((one) => (one.kind === 'failed' ? [one.failure] : []));
  if (failure === undefined) return [];
  return [notJudgedBecause('the upstreams in the proxy of this node', failure)];
}

function connectsNotJudged(connects: Outcome<UpstreamConnects>): readonly NotJudged[] {
  if (connects.kind !== 'value') return [];
  const { list, omitted } = connects.value;
  const unmeasured = list.filter(({ kind }) => kind === 'not-measured');
  const names = unmeasured.slice(0, 5).map(({ dial }) => dial);
  return [
    ...(names.length === 0
      ? []
      : [
          {
            subject: names.join(', '),
            reason: `this process could not connect: ${unmeasured[0]?.code}`,
            next: { kind: 'again' } as const,
          },
        ]),
    ...(omitted === 0
      ? []
      : [
          {
            subject: `${omitted} more upstreams`,
            reason: 'too many to connect to each',
            next: { kind: 'by-hand' } as const,
          },
        ]),
  ];
}

/** ingress-listeners reports why a route is not loaded. */
function missingRoutes(state: Outcome<LoadState>): readonly NotJudged[] {
  if (state.kind !== 'value' || state.value.kind !== 'loaded' || state.value.young) return [];
  const { missing } = state.value;
  if (missing.length === 0) return [];
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : '';
  const subject = `${missing.slice(0, 5).join(', ')}${more}`;
  return [{ subject, reason: 'the proxy of this node has not loaded it', next: READ_LOG, root: proxyConfig.name }];
}
