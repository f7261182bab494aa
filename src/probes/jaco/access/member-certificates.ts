import { setMaxListeners } from 'node:events';
import { factOf, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { clusterCa } from '../control/cluster-ca.ts';
import { handshakeWith, type TlsTarget } from '../control/tls-target.ts';
import { probe } from '../jaco-probe.ts';
import { peerName } from '../raft/peer-answer.ts';
import { peerStatuses } from '../raft/peer-status.ts';

/** The certificates of members for which a verified call was refused. The others need no second handshake. */
export type MemberCertificates = { readonly targets: readonly TlsTarget[] };

export const memberCertificates = probe({
  name: 'jaco.member-certificates',
  where: 'anywhere',
  after: { peers: peerStatuses, ca: attempt(clusterCa) },
  deadlineMs: 3_500,
  async collect(io, { peers: { peers }, ca }, signal) {
    setMaxListeners(0, signal);
    const pem = factOf(ca)?.pem ?? null;
    const refused = peers.filter(
      ({ tlsFault, by, grpcAddress }) => tlsFault !== null && by !== 'given' && grpcAddress !== '',
    );
    io.phase('tls');
    const targets = refused.map(async (peer): Promise<TlsTarget> => {
      const hello = await handshakeWith(peer.grpcAddress, pem, signal);
      const listedOnly = peer.by === 'listed';
      return {
        subject: peerName(peer),
        address: peer.grpcAddress,
        own: false,
        hearsay: listedOnly,
        hello,
        refused: null,
      };
    });
    return value<MemberCertificates>({ targets: await Promise.all(targets) });
  },
});
