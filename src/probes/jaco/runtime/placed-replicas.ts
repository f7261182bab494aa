import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { type Containers, dockerContainers } from '../../docker/containers.ts';
import { identity } from '../../host/identity.ts';
import { stableStatus } from '../raft/stable-status.ts';
import type { Replica } from './replica-fact.ts';
import { type Replicas, replicas } from './replicas.ts';

/**
 * The replicas with their hosts, as far as this host shows them. A release before v0.3.8 names the host of few
 * replicas, but Docker has the containers of this node (docs/jaco-daemon/releases.md#old-replica-lists).
 */
export const placedReplicas = derive({
  name: 'jaco.placed-replicas',
  from: {
    replicas,
    containers: attempt(dockerContainers),
    identity: attempt(identity),
    settled: attempt(stableStatus),
  },
  derive({ replicas, containers, identity, settled }) {
    const here = factOf(identity)?.hostname ?? null;
    const listed = factOf(containers);
    if (replicas.from !== 'status' || here === null || listed === null) return value<Replicas>(replicas);
    const members = (factOf(settled)?.last.nodes ?? []).map(({ hostname }) => hostname);
    return value<Replicas>({ ...replicas, rows: replicas.rows.map((row) => placed(row, here, members, listed)) });
  },
});

function placed(row: Replica, here: string, members: readonly string[], { list, omitted }: Containers): Replica {
  if (row.host !== null) return row;
  if (list.some(({ replica, id }) => replica === row.id && id.startsWith(row.containerId)))
    return { ...row, host: here };
  const others = members.filter((name) => name !== here);
  const isElsewhere = row.containerId !== '' && omitted === 0 && others.length === 1;
  return isElsewhere ? { ...row, host: others[0] ?? null } : row;
}
