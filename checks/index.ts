import type { Product } from '../src/engine/product.ts';
import { clusterCa } from '../src/probes/jaco/cluster-ca.ts';
import { clusterStatus } from '../src/probes/jaco/cluster-status.ts';
import { jacodConfig } from '../src/probes/jaco/config.ts';
import { controlConnect } from '../src/probes/jaco/control-connect.ts';
import { dataDir } from '../src/probes/jaco/data-dir.ts';
import { knownLeader } from '../src/probes/jaco/known-leader.ts';
import { leaderSettles } from '../src/probes/jaco/leader-settles.ts';
import { memberCertificates } from '../src/probes/jaco/member-certificates.ts';
import { openPlaces } from '../src/probes/jaco/open-places.ts';
import { ownCertificate } from '../src/probes/jaco/own-certificate.ts';
import { peerStatuses } from '../src/probes/jaco/peer-status.ts';
import { quorum } from '../src/probes/jaco/quorum.ts';
import { raftHost } from '../src/probes/jaco/raft-host.ts';
import { raftLines } from '../src/probes/jaco/raft-lines.ts';
import { servers } from '../src/probes/jaco/servers.ts';
import { situation } from '../src/probes/jaco/situation.ts';
import { standing } from '../src/probes/jaco/standing.ts';
import { tokenList } from '../src/probes/jaco/token-list.ts';
import { tokenTrial } from '../src/probes/jaco/token-trial.ts';
import { unit } from '../src/probes/jaco/unit.ts';
import { jacodVersion } from '../src/probes/jaco/version.ts';
import controlExposure from './jaco/control-exposure.ts';
import controlTls from './jaco/control-tls.ts';
import daemonConfig from './jaco/daemon-config.ts';
import daemonSocket from './jaco/daemon-socket.ts';
import daemonUnit from './jaco/daemon-unit.ts';
import daemonVersion from './jaco/daemon-version.ts';
import nodeLiveness from './jaco/node-liveness.ts';
import operatorToken from './jaco/operator-token.ts';
import raftLeader from './jaco/raft-leader.ts';
import raftMembership from './jaco/raft-membership.ts';
import raftQuorum from './jaco/raft-quorum.ts';
import raftVoters from './jaco/raft-voters.ts';
import reported from './jaco/reported.ts';

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
    { check: reported },
  ],
};
