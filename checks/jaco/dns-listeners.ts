import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged } from '../../src/engine/finding.ts';
import { formatProcess } from '../../src/engine/format.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { waitNote } from '../../src/engine/wait-note.ts';
import { isolationExpected } from '../../src/probes/jaco/isolation/isolation-expected.ts';
import {
  type GatewayListener,
  type GatewayListeners,
  type GatewayPortState,
  gatewayListeners,
  isMissing,
} from '../../src/probes/jaco/network/gateway-listeners.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { resolverTraffic } from '../../src/probes/jaco/traffic/resolver-traffic.ts';

type CheckFinding = Finding<'dns_listener_missing', 'listeners'>;

export default check({
  name: 'dns-listeners',
  group: 'dns',
  where: 'node',
  title: 'a resolver is listening on every network of this node',
  requires: { expected: isolationExpected },
  reads: { listeners: gatewayListeners, host: localNode, measured: attempt(resolverTraffic) },
  finds: ['dns_listener_missing'],
  applies: ({ listeners: { list, docker } }) =>
    list.length > 0 || docker !== null || 'this node has no network of a deployment',
  judge({ listeners, host: { hostname }, measured }) {
    const { list } = listeners;
    const answering = (factOf(measured)?.list ?? []).flatMap(({ network, answers }) =>
      answers === true ? [network] : [],
    );
    const isAnswering = ({ network }: GatewayListener): boolean => answering.includes(network);
    const young = list.filter((one) => isMissing(one) && one.young && !isAnswering(one));
    const missing = list.filter((one) => isMissing(one) && !one.young && !isAnswering(one));
    const elsewhere = list.filter((one) => isMissing(one) && isAnswering(one));
    const notVisible = list.filter(
      (one) => !isMissing(one) && [one.udp, one.tcp].some(({ kind }) => kind === 'unseen'),
    );
    const healthy = list.length - missing.length - young.length - elsewhere.length - notVisible.length;
    return judged(
      missing.map((one) => listenerFinding(one, hostname)),
      {
        evidence: [
          `the daemon is listening on UDP and TCP port 53 of ${healthy} of ${list.length} gateways`,
          ...(answering.length === 0
            ? []
            : [`a service name is resolved from inside containers of ${answering.length} networks, over UDP and TCP`]),
        ],
        notes: [
          ...young.map(({ network }) =>
            waitNote(
              `no resolver is listening yet on ${network}, which was created seconds ago: the daemon tries again every 5 s`,
            ),
          ),
          ...elsewhere.map(
            ({ network }) =>
              `containers of ${network} get JACO's answers, although jacod is not listening on port 53 of its gateway`,
          ),
        ],
        notJudged: [
          ...notVisible.map(
            ({ network, gateway }): NotJudged => ({
              subject: network,
              reason: `only root can see which program is listening on ${gateway}:53`,
              next: { kind: 'as-root' },
            }),
          ),
          ...dockerNotJudged(listeners),
        ],
      },
    );
  },
});

/** Without Docker, only networks of running replicas are known. */
function dockerNotJudged({ docker }: GatewayListeners): readonly NotJudged[] {
  return docker === null ? [] : [{ subject: 'networks without a running replica', ...docker }];
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
      ...(local === false ? [`${gateway} is not an address of this host: the network's bridge does not exist`] : []),
    ],
    cause,
    values: other === undefined ? {} : { holder: other.program === null ? 'the other program' : `"${other.program}"` },
    explains: ['listeners'],
  };
}

function describeHolding(holding: GatewayPortState): string {
  if (holding.kind === 'other') {
    const holder = holding.program === null ? 'a program of another user' : formatProcess(holding.program, holding.pid);
    return `${holder}, at ${holding.address}`;
  }
  return { daemon: 'the daemon', nothing: 'nothing is listening', unseen: 'a program that only root can see' }[
    holding.kind
  ];
}
