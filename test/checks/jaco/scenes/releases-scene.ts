import { jaco } from '../../../../checks/jaco.ts';
import { type Failure, notApplicable, type Outcome, value } from '../../../../src/engine/outcome.ts';
import type { Container } from '../../../../src/probes/docker/containers.ts';
import type { ServiceState } from '../../../../src/probes/jaco/daemon/unit.ts';
import type { CertificateStates } from '../../../../src/probes/jaco/ingress/certificate-states.ts';
import type { Routes } from '../../../../src/probes/jaco/ingress/routes.ts';
import type { ServedCertificates } from '../../../../src/probes/jaco/ingress/served-certificates.ts';
import type { NftTable } from '../../../../src/probes/jaco/isolation/nft-table.ts';
import { readAcmeLines } from '../../../../src/probes/jaco/journal/acme-lines.ts';
import type { VersionOrReason } from '../../../../src/probes/jaco/journal/jacod-version.ts';
import type { JournalEntry } from '../../../../src/probes/jaco/journal/journal.ts';
import type { UpstreamAnswers } from '../../../../src/probes/jaco/network/upstream-answers.ts';
import type { Peer } from '../../../../src/probes/jaco/raft/peer-status.ts';
import type { ChangedEnvironment } from '../../../../src/probes/jaco/runtime/changed-environment.ts';
import type { Deployment } from '../../../../src/probes/jaco/runtime/deployments.ts';
import type { Manifest } from '../../../../src/probes/jaco/runtime/manifests.ts';
import type { Replica } from '../../../../src/probes/jaco/runtime/replica-fact.ts';
import { type Given, judgeFacts, onlyGroups, outcomeOf } from '../../scene.ts';
import { jacod, service } from './daemon-scene.ts';
import { containerWith, deployment, NOW, replica } from './runtime-scene.ts';

const HOUR = 3_600_000;
const LEADER = '10.0.0.1:7001';

/**
 * A healthy single node that is the leader, unless the scene says otherwise. A failure represents a probe that could
 * not run.
 */
export type ReleasesScene = {
  /** The version that the running daemon logged at its start; null if the journal does not contain it. */
  readonly running?: string | null;
  readonly installed?: string;
  readonly exeDeleted?: boolean;
  readonly startedAtMs?: number;
  /** Null: no daemon runs. */
  readonly daemon?: null;
  readonly containers?: readonly Container[] | Failure;
  readonly deployments?: readonly Deployment[];
  readonly rows?: readonly Replica[];
  readonly manifests?: readonly Manifest[];
  readonly environment?: readonly ChangedEnvironment[] | Failure;
  readonly registries?: readonly string[];
  readonly members?: readonly string[];
  readonly voters?: readonly string[];
  /** The raft address of the leader. */
  readonly leader?: string;
  readonly peers?: readonly Peer[];
  readonly table?: NftTable | Failure;
  readonly upstreams?: UpstreamAnswers['answers'];
  readonly entries?: readonly JournalEntry[] | Failure;
  readonly certificates?: CertificateStates['list'];
  readonly served?: ServedCertificates['nodes'];
  readonly routes?: Routes['list'];
  readonly unit?: Partial<ServiceState>;
  readonly socketDirPrivate?: boolean;
};

const known = (version: string, source: string): VersionOrReason => ({ kind: 'known', version, source });

const EMPTY_TABLE: NftTable = {
  kind: 'table',
  version: '1.0.6',
  table: { family: 'inet', name: 'jaco', from: 'nft', chains: [{ name: 'forward', base: null, rules: [] }], sets: [] },
};

/** The row of known-issues over a scene. */
export function judgeReleases(scene: ReleasesScene) {
  const { running = 'v0.3.9', installed = running ?? 'v0.3.9', members = ['jaco-1'] } = scene;
  const list = (given: unknown): unknown =>
    typeof given === 'object' && given !== null && 'why' in given ? given : { list: given, omitted: 0 };
  const main = jacod({
    startedAtMs: scene.startedAtMs ?? NOW - HOUR,
    exe: { path: '/usr/local/bin/jacod', deleted: scene.exeDeleted ?? false },
  });
  const nodes = members.map((hostname, index) => ({
    hostname,
    address: `10.0.0.${index + 1}:7001`,
    grpcAddress: `10.0.0.${index + 1}:7000`,
  }));
  const leader = scene.leader ?? LEADER;
  const voters = scene.voters ?? members;
  const given: Given = {
    'jaco.version': value({
      path: '/usr/local/bin/jacod',
      installed: known(installed, '/usr/local/bin/jacod --version'),
      running:
        running === null
          ? { kind: 'unknown', reason: 'the journal does not hold the first line of the running process' }
          : known(running, 'its first line in the journal'),
    }),
    'jaco.process': value({
      main: scene.daemon === null ? null : main,
      from: 'unit',
      socketDirPrivate: scene.socketDirPrivate ?? false,
      others: [],
    }),
    'jaco.known-leader': value({
      address: leader,
      hostname: nodes.find(({ address }) => address === leader)?.hostname ?? null,
      grpcAddress: null,
    }),
    'jaco.raft-host': value({ hostname: 'jaco-1', raftAddress: LEADER }),
    'jaco.leader-settles': value({
      samples: [],
      lost: null,
      last: {
        ...{ initialized: true, leader, raftIndex: '100', omitted: 0 },
        nodes,
        suffrages: voters.map((hostname) => ({ hostname, kind: 'voter' })),
      },
    } as never),
    'jaco.peer-status': outcomeOf({ peers: scene.peers ?? [], omitted: 0, localAgain: null }),
    'docker.containers': outcomeOf(list(scene.containers ?? [containerWith()])),
    'jaco.deployments': outcomeOf({ list: scene.deployments ?? [deployment()], omitted: 0 }),
    'jaco.replicas': outcomeOf({ rows: scene.rows ?? [replica()], omitted: 0 }),
    'jaco.manifests': outcomeOf(scene.manifests ?? []),
    'jaco.changed-environment': outcomeOf(scene.environment ?? []),
    'jaco.registry-credentials': scene.registries
      ? outcomeOf({ registries: scene.registries })
      : notApplicable('asked only where an image cannot be pulled'),
    'jaco.nft-table': outcomeOf(scene.table ?? EMPTY_TABLE),
    'jaco.upstream-answers': outcomeOf({ answers: scene.upstreams ?? [], omitted: 0 }),
    'jaco.journal': outcomeOf(
      Array.isArray(scene.entries ?? [])
        ? { entries: scene.entries ?? [], sinceMs: NOW - 24 * HOUR, cut: false, dropped: 0 }
        : scene.entries,
    ),
    'jaco.acme-lines': outcomeOf(
      'why' in (scene.entries ?? []) ? scene.entries : readAcmeLines((scene.entries ?? []) as readonly JournalEntry[]),
    ),
    'jaco.certificate-states': outcomeOf({ list: scene.certificates ?? [], omitted: 0 }),
    'jaco.served-certificates': outcomeOf({ nodes: scene.served ?? [] }),
    'jaco.routes': outcomeOf({ list: scene.routes ?? [], omitted: 0 }),
    'jaco.unit': value({ service: service(scene.unit) } as never),
    'jaco.data-dir': value({ path: '/var/lib/jaco', raftState: 'present' } as never),
  } satisfies { readonly [name: string]: Outcome };
  return judgeFacts(onlyGroups(jaco, 'releases'), given, { now: NOW })['known-issues'];
}
