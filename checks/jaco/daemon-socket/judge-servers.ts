import { type Cause, type Finding, type Judgement, judged, pass, unknown } from '../../../src/engine/finding.ts';
import type { NextStep } from '../../../src/engine/next-step.ts';
import { serverKind } from '../../../src/probes/jaco/control/server-kind.ts';
import { isLocalFailure, type Server, type Servers, servers } from '../../../src/probes/jaco/control/servers.ts';

type ServerFaultId = 'daemon_unreachable' | 'daemon_unresponsive' | 'not_jaco_grpc';
type CheckFinding = Finding<ServerFaultId, 'servers'>;

const CHECK_ADDRESS: NextStep = {
  kind: 'do',
  text: 'Check the address, and that this machine can resolve and reach it. The operator port is 7000 unless jacod.yaml changes it.',
};

/**
 * Operator ports asked over the network. One that answers is enough for the claim; the rows about members report the
 * others. control-tls judges the identity of the one that answers.
 */
export function judgeServers({ servers: asked, lead }: Servers): Judgement<ServerFaultId, 'servers'> {
  if (lead !== null) {
    const trust = lead.ca === null ? 'its identity was not verified' : 'its identity was verified';
    const silent = asked.filter(({ answer }) => answer.kind === 'failure').map(describeFailure);
    return pass([`${lead.address} answered Cluster.Status; ${trust}`, ...silent]);
  }
  const results = asked.map(judgeServer);
  const findings = results.filter((one): one is CheckFinding => typeof one !== 'string');
  if (findings.length > 0) {
    const notJudged = results.flatMap((one, index) =>
      typeof one === 'string' ? [{ subject: asked[index]?.address ?? '', reason: one, next: CHECK_ADDRESS }] : [],
    );
    return judged(findings, { notJudged });
  }
  const withheld = asked.find(({ answer }) => answer.kind === 'failure' && answer.why === 'withheld');
  if (withheld !== undefined)
    return pass([
      `${withheld.address} accepted the connection and completed the TLS handshake`,
      ...asked.map(describeFailure),
    ]);
  const [first] = asked;
  const answer = first?.answer.kind === 'failure' ? first.answer : null;
  const reason = asked.map(describeFailure).join('; ');
  return answer === null
    ? unknown(reason, CHECK_ADDRESS)
    : unknown(reason, {
        why: answer.why,
        phase: answer.phase,
        detail: answer.detail,
        root: servers.name,
        next: CHECK_ADDRESS,
      });
}

/** The finding, or the reason why there is none. */
function judgeServer(server: Server): CheckFinding | string {
  const { address, connect, answer } = server;
  if (answer.kind === 'status') return 'it answers';
  const [host = '', port = ''] = address.split(/:(?=\d+$)/);
  const shared = { subject: address, evidence: [describeFailure(server)], explains: ['servers'] } as const;
  const unresponsive: CheckFinding = { ...shared, id: 'daemon_unresponsive', cause: 'silent' };
  const foreign = (cause: Cause<'not_jaco_grpc'>, seen: string): CheckFinding => {
    return { ...shared, id: 'not_jaco_grpc', cause, values: { address, host, port, seen } };
  };
  switch (answer.phase) {
    case 'resolve':
      // The name may be mistyped, or this machine's DNS may be broken. Neither is a fault of a daemon.
      return answer.detail;
    case 'connect': {
      // The obstacle is this machine's own network or limits, not a daemon.
      if (isLocalFailure(answer.code)) return describeFailure(server);
      const cause = connect.kind === 'error' && answer.why === 'refused' ? 'tcp-refused' : 'tcp-silent';
      return { ...shared, id: 'daemon_unreachable', cause, values: { address } };
    }
    case 'tls':
      if (answer.why === 'silent') return unresponsive;
      if (answer.why === 'withheld') return answer.detail;
      // Raft listens on port 7001 and closes a connection that it does not understand
      // (docs/jaco-daemon/errors.md#transport-failures).
      if (answer.code === 'closed' && address.endsWith(':7001')) return foreign('raft-port', 'the raft port');
      return answer.code === 'not-tls'
        ? foreign('web-server', 'a server without TLS, such as a web server')
        : foreign('other', 'not a TLS server, or one without HTTP/2');
    case 'grpc':
      if (answer.why === 'silent') return unresponsive;
      if (answer.why === 'hung-up') return answer.detail;
      return foreign(serverKind(answer.detail), 'not a gRPC server');
    case 'answer':
      if (answer.why === 'silent') return unresponsive;
      return answer.why === 'unreadable' ? foreign('other-grpc', 'another gRPC service') : answer.detail;
  }
}

function describeFailure(server: Server): string {
  const { address, answer } = server;
  if (answer.kind === 'status') return `${address} answers`;
  const named = answer.phase === 'resolve' || answer.detail.includes(address);
  const detail = named ? answer.detail : `${address}: ${answer.detail}`;
  if (answer.code === 'ENETUNREACH') return `${detail}, so this machine has no route there`;
  return answer.phase === 'connect' && isLocalFailure(answer.code)
    ? `${detail}, so this machine itself blocked the connection`
    : detail;
}
