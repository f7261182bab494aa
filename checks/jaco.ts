import type { Product } from '../src/engine/product.ts';
import { dockerContainers } from '../src/probes/docker/containers.ts';
import { dockerEngine } from '../src/probes/docker/engine.ts';
import { dockerNetworks } from '../src/probes/docker/networks.ts';
import { dockerUnit } from '../src/probes/docker/unit.ts';
import { exposedPorts } from '../src/probes/jaco/access/exposed-ports.ts';
import { memberCertificates } from '../src/probes/jaco/access/member-certificates.ts';
import { ownCertificate } from '../src/probes/jaco/access/own-certificate.ts';
import { tokenAnswer } from '../src/probes/jaco/access/token-answer.ts';
import { tokenList } from '../src/probes/jaco/access/token-list.ts';
import { clusterCa } from '../src/probes/jaco/control/cluster-ca.ts';
import { clusterStatus } from '../src/probes/jaco/control/cluster-status.ts';
import { controlConnect } from '../src/probes/jaco/control/control-connect.ts';
import { servers } from '../src/probes/jaco/control/servers.ts';
import { daemonCapabilities } from '../src/probes/jaco/daemon/daemon-capabilities.ts';
import { dataDir } from '../src/probes/jaco/daemon/data-dir.ts';
import { jacodConfig } from '../src/probes/jaco/daemon/jacod-config.ts';
import { packageVersion } from '../src/probes/jaco/daemon/package-version.ts';
import { unit } from '../src/probes/jaco/daemon/unit.ts';
import { challengeAnswers } from '../src/probes/jaco/ingress/challenge-answers.ts';
import { containerPorts } from '../src/probes/jaco/ingress/container-ports.ts';
import { domainAddresses } from '../src/probes/jaco/ingress/domain-addresses.ts';
import { ownProxyPorts } from '../src/probes/jaco/ingress/own-proxy-ports.ts';
import { portHolders } from '../src/probes/jaco/ingress/port-holders.ts';
import { proxyConfig } from '../src/probes/jaco/ingress/proxy-config.ts';
import { routeAnswers } from '../src/probes/jaco/ingress/route-answers.ts';
import { routes as routeList } from '../src/probes/jaco/ingress/routes.ts';
import { servedCertificates } from '../src/probes/jaco/ingress/served-certificates.ts';
import { upstreamConnects } from '../src/probes/jaco/ingress/upstream-connects.ts';
import { exemptionErrors } from '../src/probes/jaco/isolation/exemption-errors.ts';
import { nftTable } from '../src/probes/jaco/isolation/nft-table.ts';
import { jacodVersion } from '../src/probes/jaco/journal/jacod-version.ts';
import { proxyLines } from '../src/probes/jaco/journal/proxy-lines.ts';
import { raftLines } from '../src/probes/jaco/journal/raft-lines.ts';
import { crossNode } from '../src/probes/jaco/network/cross-node.ts';
import { forwarding, iptables, ruleset } from '../src/probes/jaco/network/daemon-host-facts.ts';
import { dnsAnswers as nameAnswers } from '../src/probes/jaco/network/dns-answers.ts';
import { gatewayListeners } from '../src/probes/jaco/network/gateway-listeners.ts';
import { hostResolvers } from '../src/probes/jaco/network/host-resolvers.ts';
import { kernelRoutes } from '../src/probes/jaco/network/kernel-routes.ts';
import { meshInterface } from '../src/probes/jaco/network/mesh-interface.ts';
import { routingFaults } from '../src/probes/jaco/network/routing-faults.ts';
import { upstreamAnswers } from '../src/probes/jaco/network/upstream-answers.ts';
import { knownLeader } from '../src/probes/jaco/raft/known-leader.ts';
import { localNode } from '../src/probes/jaco/raft/local-node.ts';
import { membership } from '../src/probes/jaco/raft/membership.ts';
import { peerReleases } from '../src/probes/jaco/raft/peer-releases.ts';
import { peerStatuses } from '../src/probes/jaco/raft/peer-status.ts';
import { quorum } from '../src/probes/jaco/raft/quorum.ts';
import { quorumState } from '../src/probes/jaco/raft/quorum-state.ts';
import { stableStatus } from '../src/probes/jaco/raft/stable-status.ts';
import { deploymentEvents } from '../src/probes/jaco/runtime/deployment-events.ts';
import { deployments as deploymentList } from '../src/probes/jaco/runtime/deployments.ts';
import { replicas as replicaList } from '../src/probes/jaco/runtime/replicas.ts';
import { situation } from '../src/probes/jaco/situation.ts';
import { remoteReplicas } from '../src/probes/jaco/traffic/remote-replicas.ts';
import { trackedTraffic } from '../src/probes/jaco/traffic/tracked-traffic.ts';
import { traffic } from '../src/probes/jaco/traffic/traffic.ts';
import certificates from './jaco/certificates.ts';
import containerTraffic from './jaco/container-traffic.ts';
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
import ingressListeners from './jaco/ingress-listeners.ts';
import kernelNetwork from './jaco/kernel-network.ts';
import knownIssues from './jaco/known-issues.ts';
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
import routes from './jaco/routes.ts';
import subnetPool from './jaco/subnet-pool.ts';
import versionSkew from './jaco/version-skew.ts';

/**
 * The order of JACO's checks. The first failing row is the headline, so a cause comes before its consequences. `owns`
 * are the probes of a check: if one fails, the check's finding blocks the later rows that need it.
 */
export const jaco: Product = {
  name: 'jaco',
  bin: 'jaco-doctor',
  situation,
  headerFields: ({ via, version, leader, leaderless }) => [
    via ?? (version === null ? 'jacod version unknown' : `jacod ${version}`),
    ...(leader === null ? [] : [`leader ${leader}`]),
    ...(leaderless === null ? [] : [leaderless]),
  ],
  order: [
    { check: daemonConfig, owns: [jacodConfig] },
    { check: daemonUnit, owns: [unit, dataDir] },
    { check: daemonSocket, owns: [controlConnect, servers, clusterStatus] },
    { check: daemonVersion, owns: [jacodVersion, packageVersion] },
    { check: raftMembership, owns: [localNode, raftLines, stableStatus] },
    { check: raftQuorum, owns: [peerStatuses, membership, quorum, quorumState] },
    { check: raftLeader, owns: [knownLeader] },
    { check: raftVoters },
    { check: nodeLiveness },
    { check: controlTls, owns: [clusterCa, ownCertificate, memberCertificates] },
    { check: operatorToken, owns: [tokenAnswer, tokenList] },
    { check: controlExposure, owns: [exposedPorts] },
    { check: knownIssues },
    { check: dockerEngineCheck, owns: [dockerUnit, dockerEngine, dockerContainers, dockerNetworks] },
    { check: nodeIsolation },
    { check: nftSelfTest, owns: [nftTable, ruleset, iptables, daemonCapabilities] },
    { check: nftRules },
    { check: overlayExemptions, owns: [exemptionErrors] },
    { check: kernelNetwork, owns: [forwarding, kernelRoutes, routingFaults] },
    { check: containerTraffic, owns: [traffic, remoteReplicas, trackedTraffic] },
    { check: dnsUpstreams, owns: [hostResolvers, upstreamAnswers] },
    { check: dnsListeners, owns: [gatewayListeners] },
    { check: dnsAnswers, owns: [nameAnswers] },
    { check: mesh, owns: [meshInterface, crossNode] },
    { check: subnetPool, owns: [replicaList] },
    { check: deployments, owns: [deploymentList] },
    { check: containers },
    { check: replicas },
    { check: rollouts, owns: [deploymentEvents] },
    { check: ingressListeners, owns: [proxyConfig, portHolders, ownProxyPorts, proxyLines] },
    { check: routes, owns: [routeList, upstreamConnects, containerPorts, routeAnswers] },
    { check: certificates, owns: [servedCertificates, challengeAnswers, domainAddresses] },
    { check: versionSkew, owns: [peerReleases] },
    { check: reported },
  ],
};
