import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged } from '../../src/engine/finding.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { type Container, dockerContainers } from '../../src/probes/docker/containers.ts';
import { jacodConfig } from '../../src/probes/jaco/daemon/jacod-config.ts';
import { isolationExpected } from '../../src/probes/jaco/isolation/isolation-expected.ts';
import { dnsAnswers } from '../../src/probes/jaco/network/dns-answers.ts';
import { gatewayListeners } from '../../src/probes/jaco/network/gateway-listeners.ts';
import { type ServiceName, serviceNames } from '../../src/probes/jaco/network/service-names.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { explainedTraffic } from '../../src/probes/jaco/traffic/explained-traffic.ts';
import { judgeName } from './dns-answers/judge-name.ts';
import { lostQueries, underLoss } from './dns-answers/lost-queries.ts';

type CheckFinding = Finding<'dns_default_network' | 'dns_service_unresolved', never>;

export default check({
  name: 'dns-answers',
  group: 'dns',
  where: 'node',
  title: 'every running service is resolvable on every network of this node',
  requires: { expected: isolationExpected },
  reads: {
    names: serviceNames,
    listeners: gatewayListeners,
    answers: dnsAnswers,
    host: localNode,
    config: attempt(jacodConfig),
    explained: attempt(explainedTraffic),
    containers: attempt(dockerContainers),
  },
  finds: ['dns_default_network', 'dns_service_unresolved'],
  applies: ({ names: { names } }) => names.length > 0 || 'no service is on a network of this node',
  judge({ names: { names, omitted }, listeners, answers: { answers, notAsked }, host, config, explained, containers }) {
    const pool = factOf(config)?.settings?.ipamPool ?? null;
    const losses = lostQueries(factOf(explained)?.list ?? []);
    const judgements = names.flatMap((name) => {
      const answer = answers.find(({ network, service }) => network === name.network && service === name.service);
      if (answer === undefined) return [];
      const detached = detachedContainers(name, factOf(containers)?.list ?? []);
      const judgement = judgeName(name, answer, { needed: crossesHere(name, names), pool, detached });
      return [underLoss(judgement, name, losses)];
    });
    const resolved = judgements.filter(({ kind }) => kind === 'resolved').length;
    const young = notAsked.filter((name) => listeners.list.some((one) => one.network === name && one.young));
    const notJudged: NotJudged[] = [
      ...notAsked
        .filter((network) => !young.includes(network))
        .map((network) => ({
          subject: `names on ${network}`,
          reason: "JACO's resolver is not listening there",
          next: { kind: 'again' } as const,
          root: gatewayListeners.name,
        })),
      ...judgements.flatMap((one) => (one.kind === 'unjudged' ? [one.target] : [])),
      ...(omitted === 0
        ? []
        : [
            {
              subject: `${omitted} more names`,
              reason: 'the doctor asks for at most 1000',
              next: { kind: 'by-hand' } as const,
            },
          ]),
    ];
    const findings = judgements.flatMap((one): readonly CheckFinding[] =>
      one.kind === 'found' ? [{ ...one.finding, node: host.hostname }] : [],
    );
    return judged<CheckFinding['id']>(
      findings.filter(
        (one, at) =>
          one.id !== 'dns_default_network' ||
          findings.findIndex(({ id, subject }) => id === one.id && subject === one.subject) === at,
      ),
      {
        evidence: [`${resolved} of ${answers.length} names were resolved, A and AAAA`],
        notes: [
          ...new Set(judgements.flatMap((one) => (one.kind === 'note' ? [one.note] : []))),
          ...young.map((network) => `no names were asked for on ${network}: its resolver has not started yet`),
        ],
        notJudged,
      },
    );
  },
});

/** Running containers of a name's replicas on this node that Docker shows on no such network. */
function detachedContainers({ behind, network }: ServiceName, containers: readonly Container[]): readonly string[] {
  const here = behind.filter((one) => one.here).map(({ id }) => id);
  return containers
    .filter(({ replica, state, networks }) => {
      return here.includes(replica) && state === 'running' && !networks.some(({ name }) => name === network);
    })
    .map(({ name }) => name);
}

/**
 * Whether a container on this node needs JACO's answer for the name. Docker itself resolves the names of local
 * containers.
 */
function crossesHere(name: ServiceName, all: readonly ServiceName[]): boolean {
  const askingContainers = all.filter(({ network, service }) => network === name.network && service !== name.service);
  return (
    !name.behind.some(({ here }) => here) && askingContainers.some(({ behind }) => behind.some(({ here }) => here))
  );
}
