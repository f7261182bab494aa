import { factOf, type Outcome } from '../../../src/engine/outcome.ts';
import type { Container, Containers } from '../../../src/probes/docker/containers.ts';
import type { Death, Deaths } from '../../../src/probes/docker/deaths.ts';
import type { LastWords } from '../../../src/probes/docker/last-words.ts';
import type { LoggedMessage, RuntimeLines } from '../../../src/probes/jaco/journal/runtime-lines.ts';
import type { Deployment } from '../../../src/probes/jaco/runtime/deployments.ts';
import type { ComposeService, Manifest } from '../../../src/probes/jaco/runtime/manifests.ts';
import type { Replica } from '../../../src/probes/jaco/runtime/replica-fact.ts';
import { RETRY_LOG_MS } from '../../../src/probes/jaco/timing.ts';

/** Everything that is known of one replica, in one place. */
export type ReplicaView = {
  /** As JACO has it; where restart_exhausted hid its code, as it was in between. */
  readonly row: Replica;
  readonly deployment: Deployment;
  /** Whether it is placed on this node. */
  readonly here: boolean;
  /** Docker's word: its container, `none` where it has none, `unseen` on another node or where Docker was not asked. */
  readonly container: Container | 'none' | 'unseen';
  /** When its container ended, of late, oldest first; one that is gone says nothing of the one that is here. */
  readonly deaths: readonly Death[];
  /** What its program said last. */
  readonly words: readonly string[];
  /** The last failed start, if the journal holds one of the last three tries. */
  readonly startFailed: LoggedMessage | null;
  /** Whether the journal of its node could be read here. */
  readonly journal: boolean;
  readonly service: ComposeService | null;
};

type Sources = {
  readonly rows: readonly Replica[];
  readonly deployments: readonly Deployment[];
  readonly hostname: string | null;
  readonly codes: { readonly [replica: string]: Replica } | null;
  readonly containers: Outcome<Containers>;
  readonly deaths: Deaths | null;
  readonly words: LastWords | null;
  readonly lines: RuntimeLines | null;
  readonly manifests: readonly Manifest[] | null;
};

/** Joins what Docker, the journal and the manifest say to each row. Rows of deployments that are gone are another check's. */
export function replicaViews(sources: Sources, now: number): readonly ReplicaView[] {
  const { rows, hostname, codes, containers, deaths, words, lines } = sources;
  const deployments = new Map(sources.deployments.map((one) => [one.name, one]));
  const manifests = new Map(sources.manifests?.map((one) => [one.deployment, one]) ?? []);
  const seen = factOf(containers);
  // JACO takes the newest of several, which Docker lists first: a copy that somebody kept is not the replica.
  const byReplica = new Map(seen?.list.map((one) => [one.replica, one] as const).reverse() ?? []);
  // Of so many containers that not all were kept, one that is missing may be there.
  const otherwise = seen === null || seen.omitted > 0 ? 'unseen' : 'none';
  const ends = new Map<string, Death[]>();
  for (const death of deaths?.list ?? []) ends.set(death.replica, [...(ends.get(death.replica) ?? []), death]);
  const endsOf = (replica: string, container: ReplicaView['container']): readonly Death[] => {
    const all = ends.get(replica) ?? [];
    return typeof container === 'string' ? all : all.filter((death) => death.container === container.id);
  };
  return rows.flatMap((listed): readonly ReplicaView[] => {
    const deployment = deployments.get(listed.deployment);
    if (deployment === undefined) return [];
    const row = codes?.[listed.id] ?? listed;
    const here = row.host === hostname;
    const container = here ? (byReplica.get(row.id) ?? otherwise) : 'unseen';
    const failed = here ? (lines?.startFailed[row.id] ?? null) : null;
    return [
      {
        row,
        deployment,
        here,
        container,
        deaths: here ? endsOf(row.id, container) : [],
        words: typeof container === 'string' ? [] : (words?.[container.id] ?? []),
        startFailed: failed !== null && now - failed.atMs < RETRY_LOG_MS ? failed : null,
        journal: here && lines?.seen === true,
        service: manifests.get(row.deployment)?.services.find((one) => one.name === row.service) ?? null,
      },
    ];
  });
}
