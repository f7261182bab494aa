import type { Product } from '../src/engine/product.ts';
import { dockerContainers } from '../src/probes/docker/containers.ts';
import { dockerEngine } from '../src/probes/docker/engine.ts';
import { dockerNetworks } from '../src/probes/docker/networks.ts';
import { dockerUnit } from '../src/probes/docker/unit.ts';
import { forwarding } from '../src/probes/host/forwarding.ts';
import { iptables } from '../src/probes/host/iptables.ts';
import { hostResolvers } from '../src/probes/host/resolv-conf.ts';
import { ruleset } from '../src/probes/host/ruleset.ts';
import { clusterCa } from '../src/probes/jaco/cluster-ca.ts';
import { clusterStatus } from '../src/probes/jaco/cluster-status.ts';
import { jacodConfig } from '../src/probes/jaco/config.ts';
import { controlConnect } from '../src/probes/jaco/control-connect.ts';
import { crossNode } from '../src/probes/jaco/cross-node.ts';
import { daemonReach } from '../src/probes/jaco/daemon-reach.ts';
import { dataDir } from '../src/probes/jaco/data-dir.ts';
import { deploymentEvents } from '../src/probes/jaco/deployment-events.ts';
import { deployments as deploymentList } from '../src/probes/jaco/deployments.ts';
import { dnsAnswers as nameAnswers } from '../src/probes/jaco/dns-answers.ts';
import { exemptionErrors } from '../src/probes/jaco/exemption-errors.ts';
import { gatewayListeners } from '../src/probes/jaco/gateway-listeners.ts';
import { knownLeader } from '../src/probes/jaco/known-leader.ts';
import { leaderSettles } from '../src/probes/jaco/leader-settles.ts';
import { memberCertificates } from '../src/probes/jaco/member-certificates.ts';
import { meshInterface } from '../src/probes/jaco/mesh-interface.ts';
import { nftTable } from '../src/probes/jaco/nft-table.ts';
import { openPlaces } from '../src/probes/jaco/open-places.ts';
import { ownCertificate } from '../src/probes/jaco/own-certificate.ts';
import { peerStatuses } from '../src/probes/jaco/peer-status.ts';
import { quorum } from '../src/probes/jaco/quorum.ts';
import { raftHost } from '../src/probes/jaco/raft-host.ts';
import { raftLines } from '../src/probes/jaco/raft-lines.ts';
import { replicas as replicaList } from '../src/probes/jaco/replicas.ts';
import { servers } from '../src/probes/jaco/servers.ts';
import { situation } from '../src/probes/jaco/situation.ts';
import { standing } from '../src/probes/jaco/standing.ts';
import { tokenList } from '../src/probes/jaco/token-list.ts';
import { tokenTrial } from '../src/probes/jaco/token-trial.ts';
import { unit } from '../src/probes/jaco/unit.ts';
import { upstreamAnswers } from '../src/probes/jaco/upstream-answers.ts';
import { jacodVersion } from '../src/probes/jaco/version.ts';
import containers from './jaco/containers.ts';
import controlExposure from './jaco/control-exposure.ts';
import controlTls from './jaco/control-tls.ts';
import daemonConfig from './jaco/daemon-config.ts';
import daemonSocket from './jaco/daemon-socket.ts';
import daemonUnit from './jaco/daemon-unit.ts';
import daemonVersion from './jaco/daemon-version.ts';
import deployments from './jaco/deployments.ts';
import dnsAnswers from './jaco/dns-answers.ts';
import dnsListeners from './jaco/dns-listeners.ts';
import dnsUpstreams from './jaco/dns-upstreams.ts';
import dockerEngineCheck from './jaco/docker-engine.ts';
import kernelNetwork from './jaco/kernel-network.ts';
import mesh from './jaco/mesh.ts';
import nftRules from './jaco/nft-rules.ts';
import nftSelfTest from './jaco/nft-self-test.ts';
import nodeIsolation from './jaco/node-isolation.ts';
import nodeLiveness from './jaco/node-liveness.ts';
import operatorToken from './jaco/operator-token.ts';
import overlayExemptions from './jaco/overlay-exemptions.ts';
import raftLeader from './jaco/raft-leader.ts';
import raftMembership from './jaco/raft-membership.ts';
import raftQuorum from './jaco/raft-quorum.ts';
import raftVoters from './jaco/raft-voters.ts';
import replicas from './jaco/replicas.ts';
import reported from './jaco/reported.ts';
import rollouts from './jaco/rollouts.ts';
import subnetPool from './jaco/subnet-pool.ts';

/**
 * THE order of JACO's checks: the first failing row is the headline, so causes stand before what follows from them.
 * `owns` are the probes a check answers for: where one fails, its finding is why later rows are blocked.
 */
export const jaco: Product = {
  name: 'jaco',
  bin: 'jaco-doctor',
  situation,
  order: [
    { check: daemonConfig, owns: [jacodConfig] },
    { check: daemonUnit, owns: [unit, dataDir] },
    { check: daemonSocket, owns: [controlConnect, servers, clusterStatus] },
    { check: daemonVersion, owns: [jacodVersion] },
    { check: raftMembership, owns: [raftHost, raftLines, leaderSettles] },
    { check: raftQuorum, owns: [peerStatuses, standing, quorum] },
    { check: raftLeader, owns: [knownLeader] },
    { check: raftVoters },
    { check: nodeLiveness },
    { check: controlTls, owns: [clusterCa, ownCertificate, memberCertificates] },
    { check: operatorToken, owns: [tokenTrial, tokenList] },
    { check: controlExposure, owns: [openPlaces] },
    { check: dockerEngineCheck, owns: [dockerUnit, dockerEngine, dockerContainers, dockerNetworks] },
    { check: nodeIsolation },
    { check: nftSelfTest, owns: [nftTable, ruleset, iptables, daemonReach] },
    { check: nftRules },
    { check: overlayExemptions, owns: [exemptionErrors] },
    { check: kernelNetwork, owns: [forwarding] },
    { check: dnsUpstreams, owns: [hostResolvers, upstreamAnswers] },
    { check: dnsListeners, owns: [gatewayListeners] },
    { check: dnsAnswers, owns: [nameAnswers] },
    { check: mesh, owns: [meshInterface, crossNode] },
    { check: subnetPool, owns: [replicaList] },
    { check: deployments, owns: [deploymentList] },
    { check: containers },
    { check: replicas },
    { check: rollouts, owns: [deploymentEvents] },
    { check: reported },
  ],
};
