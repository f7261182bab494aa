import type { Outcome } from '../../../src/engine/outcome.ts';
import type { Containers } from '../../../src/probes/docker/containers.ts';
import type { DataDir } from '../../../src/probes/jaco/daemon/data-dir.ts';
import type { JacodProcess } from '../../../src/probes/jaco/daemon/jacod-process.ts';
import type { Units } from '../../../src/probes/jaco/daemon/unit.ts';
import type { CertificateStates } from '../../../src/probes/jaco/ingress/certificate-states.ts';
import type { Routes } from '../../../src/probes/jaco/ingress/routes.ts';
import type { ServedCertificates } from '../../../src/probes/jaco/ingress/served-certificates.ts';
import type { NftTable } from '../../../src/probes/jaco/isolation/nft-table.ts';
import type { AcmeLines } from '../../../src/probes/jaco/journal/acme-lines.ts';
import type { Journal } from '../../../src/probes/jaco/journal/journal.ts';
import type { UpstreamAnswers } from '../../../src/probes/jaco/network/upstream-answers.ts';
import type { LocalNode } from '../../../src/probes/jaco/raft/local-node.ts';
import type { PeerStatuses } from '../../../src/probes/jaco/raft/peer-status.ts';
import type { StableStatus } from '../../../src/probes/jaco/raft/stable-status.ts';
import type { ChangedEnvironment } from '../../../src/probes/jaco/runtime/changed-environment.ts';
import type { Deployments } from '../../../src/probes/jaco/runtime/deployments.ts';
import type { Manifest } from '../../../src/probes/jaco/runtime/manifests.ts';
import type { RegistryCredentials } from '../../../src/probes/jaco/runtime/registry-credentials.ts';
import type { Replicas } from '../../../src/probes/jaco/runtime/replicas.ts';

/** The facts in which signatures of known issues are searched for. Other checks read them too, except `environment`. */
export type IssueFacts = {
  readonly containers: Containers;
  readonly deployments: Deployments;
  readonly replicas: Replicas;
  readonly manifests: readonly Manifest[];
  /** Not applicable on releases that recreate a container when its variables change. */
  readonly environment: readonly ChangedEnvironment[];
  readonly registries: RegistryCredentials;
  readonly cluster: StableStatus;
  readonly peers: PeerStatuses;
  readonly host: LocalNode;
  readonly table: NftTable;
  readonly upstreams: UpstreamAnswers;
  readonly journal: Journal;
  readonly acme: AcmeLines;
  readonly certificates: CertificateStates;
  readonly served: ServedCertificates;
  readonly routes: Routes;
  readonly unit: Units;
  readonly data: DataDir;
  readonly process: JacodProcess;
};

export type IssueOutcomes = { readonly [K in keyof IssueFacts]: Outcome<IssueFacts[K]> };
