import { check } from '../../src/engine/check.ts';
import { type Judgement, judged, notJudgedBecause, unknown } from '../../src/engine/finding.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { dockerContainers } from '../../src/probes/docker/containers.ts';
import { dockerEngine } from '../../src/probes/docker/engine.ts';
import { dockerNetworks } from '../../src/probes/docker/networks.ts';
import { dockerUnit } from '../../src/probes/docker/unit.ts';
import { identity } from '../../src/probes/host/identity.ts';
import { runtimeLines } from '../../src/probes/jaco/journal/runtime-lines.ts';
import { dockerAccess } from '../../src/probes/jaco/runtime/docker-access.ts';
import { replicas } from '../../src/probes/jaco/runtime/replicas.ts';
import { closedToDaemon } from './docker-engine/closed-to-daemon.ts';
import { dockerDiskFull, oldApi, refusedRequests } from './docker-engine/engine-faults.ts';
import { remoteEngineFindings } from './docker-engine/remote-engines.ts';
import { startingReason, unansweredFinding } from './docker-engine/unanswered-finding.ts';

type DockerJudgement = Judgement<'docker_error', 'engine' | 'containers' | 'networks'>;

export default check({
  name: 'docker-engine',
  group: 'engine',
  where: 'anywhere',
  title: 'the container engine answers, and the daemon may use it',
  reads: {
    unit: attempt(dockerUnit),
    engine: attempt(dockerEngine),
    access: attempt(dockerAccess),
    containers: attempt(dockerContainers),
    networks: attempt(dockerNetworks),
    lines: attempt(runtimeLines),
    replicas: attempt(replicas),
    identity: attempt(identity),
  },
  finds: ['docker_error'],
  applies: ({ engine, replicas }) =>
    engine.kind !== 'not-applicable' || replicas.kind !== 'not-applicable' || engine.reason,
  judge({ unit, engine, access, containers, networks, lines, replicas, identity }, now): DockerJudgement {
    const rows = factOf(replicas)?.rows ?? [];
    const logged = factOf(lines);
    const here = factOf(identity)?.hostname ?? null;
    const others = remoteEngineFindings(rows, here);
    const accessFault = closedToDaemon(factOf(access), logged, now);
    if (engine.kind === 'not-applicable') {
      const notes = [`Docker was not checked (${engine.reason}); run jaco-doctor on each node to check it`];
      if (replicas.kind === 'value')
        return judged(others, {
          evidence: [`none of ${rows.length} replicas reports an error of its Docker engine`],
          notes,
        });
      const because = replicas.kind === 'failed' ? replicas.failure : ({ kind: 'on-node', node: null } as const);
      return unknown('neither Docker nor what nodes report about it is visible from here', because, { notes });
    }
    if (engine.kind === 'failed') {
      const { failure } = engine;
      const starting = startingReason(factOf(unit), now);
      const fault = accessFault ?? (starting === null ? unansweredFinding(failure, factOf(unit)) : null);
      if (fault !== null) return judged([{ ...fault, explains: ['engine'] }, ...others]);
      const reason = starting ?? failure.detail;
      if (others.length === 0)
        return starting === null
          ? unknown(`Docker could not be asked: ${reason}`, failure)
          : unknown(starting, { ...failure, next: { kind: 'again' } });
      const notJudged = [{ ...notJudgedBecause('Docker of this node', failure), reason }];
      return judged(others, { notJudged });
    }
    const { info, apiVersion, socket, infoMissing } = engine.value;
    const refused = refusedRequests({ containers, networks, infoMissing });
    const own = rows.filter((row) => row.host === here);
    const faults = [accessFault, info && dockerDiskFull(info, logged, own, now), oldApi(apiVersion, logged, now)];
    return judged(
      [
        ...faults.filter((one) => one !== null),
        ...(refused === null ? [] : [{ ...refused, explains: ['containers', 'networks'] as const }]),
        ...others,
      ],
      { evidence: [`Docker ${info === null ? '' : `${info.version}, `}API ${apiVersion}, answers on ${socket}`] },
    );
  },
});
