import type { Cause, Finding } from '../../../src/engine/finding.ts';
import type { PathOwner, SocketFile } from '../../../src/probes/jaco/daemon/socket-file.ts';
import type { Units } from '../../../src/probes/jaco/daemon/unit.ts';

type CheckFinding = Finding<'socket_permission_denied', 'connect'>;

/**
 * The intended users of the socket: what jaco.socket sets, or what the daemon creates itself. A null group is unknown.
 */
export type IntendedRights = { readonly group: string | null; readonly mode: number };

const GROUP_MAY = 0o060;
const GROUP_MAY_ENTER = 0o010;
const OTHERS_MAY_ENTER = 0o001;

/**
 * Takes the group and mode from the unit, whose drop-ins may have changed them on purpose. A daemon without a unit gives its
 * socket mode 0660 and its own group (docs/jaco-daemon/control.md#control-socket).
 */
export function intendedRights(units: Units | null): IntendedRights {
  if (units === null || units.service.load !== 'loaded') return { group: null, mode: 0o660 };
  const { socket, service } = units;
  if (socket.load === 'loaded' && socket.listen.length > 0)
    return { group: socket.socketGroup ?? 'root', mode: socket.socketMode ?? 0o666 };
  return { group: service.group ?? (service.user || 'root'), mode: 0o660 };
}

/** A socket, or a directory above it, that denies access to its intended users; null if there is none. */
export function wrongRights({ file, parents }: SocketFile, intended: IntendedRights): CheckFinding | null {
  const closed = parents.find(
    ({ kind, group, mode }) =>
      kind === 'there' &&
      intended.group !== null &&
      ((mode ?? 0) & (group === intended.group ? GROUP_MAY_ENTER : OTHERS_MAY_ENTER)) === 0,
  );
  if (closed !== undefined)
    return permissionFinding(
      'closed-directory',
      file,
      [`${asListed(closed)} denies access to the users of the socket`],
      closed.path,
    );
  if (file.kind !== 'there' || file.type !== 'socket' || file.mode === null) return null;
  // Access for all users includes the group.
  if ((file.mode & 0o006) === 0o006) return null;
  const expected = `it should be ${intended.group === null ? '' : `group ${intended.group}, `}mode ${formatMode(intended.mode)}`;
  if (intended.group !== null && file.group !== intended.group)
    return permissionFinding('wrong-owner', file, [asListed(file), expected]);
  if ((intended.mode & GROUP_MAY) === GROUP_MAY && (file.mode & GROUP_MAY) !== GROUP_MAY)
    return permissionFinding('wrong-mode', file, [asListed(file), expected]);
  return null;
}

function permissionFinding(
  cause: Cause<'socket_permission_denied'>,
  file: PathOwner,
  evidence: readonly string[],
  folder?: string,
): CheckFinding {
  const values = { socket: file.path, ...(folder === undefined ? {} : { socket_dir: folder }) };
  return { id: 'socket_permission_denied', subject: null, cause, evidence, values, explains: ['connect'] };
}

/** Owner, mode and path, like `ls -l`. */
export function asListed({ path, owner, group, mode }: PathOwner): string {
  return `${path}: owner ${owner}:${group}, mode ${mode === null ? '?' : formatMode(mode)}`;
}

function formatMode(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
