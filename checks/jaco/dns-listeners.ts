import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged } from '../../src/engine/finding.ts';
import { isolationExpected } from '../../src/probes/jaco/isolation/isolation-expected.ts';
import {
  type GatewayListener,
  type GatewayListeners,
  gatewayListeners,
  type Holding,
  isMissing,
} from '../../src/probes/jaco/network/gateway-listeners.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';

type CheckFinding = Finding<'dns_listener_missing', 'listeners'>;

export default check({
  name: 'dns-listeners',
  group: 'dns',
  where: 'node',
  title: 'a resolver listens on every network of this node',
  requires: { expected: isolationExpected },
  reads: { listeners: gatewayListeners, host: localNode },
  finds: ['dns_listener_missing'],
  applies: ({ listeners: { list, dockerUnseen } }) =>
    list.length > 0 || dockerUnseen !== null || 'no network of a deployment lies on this node',
  judge({ listeners, host: { hostname } }) {
    const { list } = listeners;
    const young = list.filter((one) => isMissing(one) && one.young);
    const missing = list.filter((one) => isMissing(one) && !one.young);
    const notVisible = list.filter(
      (one) => !isMissing(one) && [one.udp, one.tcp].some(({ kind }) => kind === 'unseen'),
    );
    const healthy = list.length - missing.length - young.length - notVisible.length;
    return judged(
      missing.map((one) => listenerFinding(one, hostname)),
      {
        evidence: [`the daemon has UDP and TCP port 53 at the gateways of ${healthy} of ${list.length} networks`],
        notes: young.map(
          ({ network }) => `nobody listens yet on ${network}, which is seconds old: the daemon tries again every 5 s`,
        ),
        notJudged: [
          ...notVisible.map(
            ({ network, gateway }): NotJudged => ({
              subject: network,
              reason: `who has ${gateway}:53 may be seen by root only`,
            }),
          ),
          ...dockerNotJudged(listeners),
        ],
      },
    );
  },
});

/** Without Docker's word only networks of running replicas are known. */
function dockerNotJudged({ dockerUnseen, dockerRoot }: GatewayListeners): readonly NotJudged[] {
  if (dockerUnseen === null) return [];
  const root = dockerRoot === null ? {} : { root: dockerRoot };
  return [{ subject: 'networks without a running replica', reason: dockerUnseen, ...root }];
}

function listenerFinding({ network, gateway, local, udp, tcp }: GatewayListener, node: string): CheckFinding {
  const [other] = [udp, tcp].filter((one) => one.kind === 'other');
  const cause = other !== undefined ? 'port-taken' : local === false ? 'no-address' : 'not-bound';
  return {
    id: 'dns_listener_missing',
    subject: network,
    node,
    evidence: [
      `${gateway}:53 over UDP: ${describeHolding(udp)}`,
      `${gateway}:53 over TCP: ${describeHolding(tcp)}`,
      ...(local === false ? [`${gateway} is no address of this host: the bridge of the network is gone`] : []),
    ],
    cause,
    values: other === undefined ? {} : { holder: other.program ?? 'the other program' },
    explains: ['listeners'],
  };
}

function describeHolding(holding: Holding): string {
  if (holding.kind === 'other') {
    const holder = holding.program === null ? 'a program of another user' : `${holding.program} (pid ${holding.pid})`;
    return `${holder}, at ${holding.address}`;
  }
  return { daemon: 'the daemon', nobody: 'nobody listens', unseen: 'a program that only root may see' }[holding.kind];
}
