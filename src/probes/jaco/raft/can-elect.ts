import { tcpTarget } from '../../io/grpc/grpc.ts';
import { tryConnect } from '../../io/try-connect.ts';
import type { Member } from '../control/status-fact.ts';
import { majority, voterTarget } from './voter-target.ts';

/** A member that does not accept a connection within this time, in ms, does not vote in a current election either. */
const CONNECT_MS = 1_000;

/**
 * Whether enough members accept connections to win an election. False only if that is sure: a member whose address is
 * unknown counts as present, and so does every member if too few are known.
 */
export async function canElect(members: readonly Member[], signal: AbortSignal): Promise<boolean> {
  const need = majority(voterTarget(members.length));
  if (members.length === 0) return true;
  const targets = members.slice(0, MAX_DIALLED).map((member) => tcpTarget(member.grpcAddress));
  const answers = await Promise.all(
    targets.map(
      async (target) => target === null || (await tryConnect(target, CONNECT_MS, signal)).kind === 'connected',
    ),
  );
  return answers.filter(Boolean).length + Math.max(0, members.length - MAX_DIALLED) >= need;
}

/** Most members that are tried; more than can ever vote. */
const MAX_DIALLED = 32;
