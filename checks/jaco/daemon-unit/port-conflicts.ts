import type { Finding } from '../../../src/engine/finding.ts';
import { formatProcess, formatTime } from '../../../src/engine/format.ts';
import type { Listener, Listeners } from '../../../src/probes/host/listeners.ts';
import type { RaftLines } from '../../../src/probes/jaco/journal/raft-lines.ts';
import { resumeError } from '../../../src/probes/jaco/journal/resume-error.ts';
import type { StartFailure } from '../../../src/probes/jaco/journal/start-failure.ts';

type CheckFinding = Finding<'port_in_use' | 'bind_address_unavailable', 'unit'>;

/** A start that failed at its address: another program holds the port, or this host does not have the address. */
export function failedBind({ last }: StartFailure, listeners: Listeners | null): CheckFinding | null {
  if (last === null) return null;
  const logged = `jacod exited at ${formatTime(last.atMs)}: ${last.error}`;
  switch (last.reason.kind) {
    case 'port-in-use': {
      const { address } = last.reason;
      const holder = holderOf(address, null, listeners);
      const now =
        holder === null && listeners !== null ? ['nothing is listening there any more: the next start can use it'] : [];
      return portInUse('grpc', address, holder, [logged, ...now]);
    }
    case 'address-gone':
      return {
        id: 'bind_address_unavailable',
        subject: null,
        cause: 'address-gone',
        values: { address: addressHost(last.reason.address) },
        evidence: [logged],
        explains: ['unit'],
      };
    case 'no-private-address':
      return {
        id: 'bind_address_unavailable',
        subject: null,
        cause: 'no-private-address',
        evidence: [logged],
        explains: ['unit'],
      };
    default:
      return null;
  }
}

/**
 * Another program holds the operator port while the daemon keeps restarting. This is for a user who cannot read the
 * journal.
 */
export function inferredPort(
  { unseen: unreadBecause }: StartFailure,
  listenAddr: string | null,
  listeners: Listeners | null,
): CheckFinding | null {
  if (unreadBecause === null || listenAddr === null) return null;
  const holder = holderOf(listenAddr, null, listeners);
  if (holder === null) return null;
  return portInUse('grpc', listenAddr, holder, [
    `jacod does not stay up and needs ${listenAddr}; its error could not be read: ${unreadBecause}`,
  ]);
}

/** A running daemon that could not resume its raft state because the raft port was held, and still is. */
export function heldRaftPort(
  { resumeFailure }: RaftLines,
  mainPid: number | null,
  listeners: Listeners | null,
): CheckFinding | null {
  if (resumeFailure === null) return null;
  const error = resumeError(resumeFailure.text);
  if (error.kind !== 'port-in-use' || error.address === null) return null;
  const { address } = error;
  const holder = holderOf(address, mainPid, listeners);
  if (holder === null) return null;
  return portInUse('raft', address, holder, [
    `jacod logged at ${formatTime(resumeFailure.atMs)}: ${resumeFailure.text}`,
  ]);
}

function portInUse(
  cause: 'grpc' | 'raft',
  address: string,
  holder: Listener | null,
  logged: readonly string[],
): CheckFinding {
  const program = holder?.program || null;
  const holderLine =
    holder === null
      ? []
      : [
          `${holder.address}:${holder.port} is held by ${program !== null ? `process ${formatProcess(program, holder.pid)}` : `a process of uid ${holder.uid}; only root can see which`}`,
        ];
  return {
    id: 'port_in_use',
    subject: null,
    cause,
    ...(cause === 'grpc'
      ? {
          title: `another program holds the operator port ${addressPort(address)}`,
          meaning: `jacod cannot listen on ${address}, so it exits, and systemd starts it again and again.`,
        }
      : {
          title: `another program holds the raft port ${addressPort(address)}`,
          meaning: `jacod could not listen on ${address}, so it did not open its raft state. It reports that it is uninitialized, and does not try again.`,
        }),
    values: {
      address,
      port: addressPort(address),
      ...(program === null || holder === null ? {} : { holder: `${program} (pid ${holder.pid})` }),
    },
    evidence: [...logged, ...holderLine],
    // If the operator port is taken, no daemon runs. If the raft port is taken, the daemon runs but serves no cluster.
    ...(cause === 'grpc' ? { explains: ['unit'] as const } : {}),
  };
}

/** The program that listens where the daemon wants to: on that address or on all addresses. */
function holderOf(address: string, ownPid: number | null, listeners: Listeners | null): Listener | null {
  const [host, port] = [addressHost(address), Number(addressPort(address))];
  const here = (listeners?.listeners ?? []).filter(
    (one) => one.protocol === 'tcp' && one.port === port && (ownPid === null || one.pid !== ownPid),
  );
  return (
    here.find((one) => one.address === host) ??
    here.find((one) => one.address === '0.0.0.0' || one.address === '::') ??
    null
  );
}

function addressHost(address: string): string {
  return address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

function addressPort(address: string): string {
  return address.slice(address.lastIndexOf(':') + 1);
}
