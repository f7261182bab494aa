import { failed, type Outcome, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { DOCKER_SOCKET } from '../../docker/docker-api.ts';
import { type Accounts, readAccounts } from '../../io/accounts.ts';
import { inspectPath, readText } from '../../io/files.ts';
import { isPermitted } from '../../io/permissions.ts';
import { type JacodProcess, jacodProcess } from '../daemon/jacod-process.ts';
import { type Units, unit } from '../daemon/unit.ts';
import { probe } from '../jaco-probe.ts';

/** Whether jacod may use Docker's socket, by owner, mode and groups, which every user can see. */
export type DockerAccess = {
  /** As in `ls -l`: owner, group and mode bits. */
  readonly owner: string;
  readonly group: string;
  readonly mode: number;
  readonly daemonUser: string;
  readonly allowed: boolean;
  /** The daemon's user is in the socket's group, but the daemon was started before it was added. */
  readonly groupsNotTakenUp: boolean;
};

/** jacod's right to Docker. */
export const dockerAccess = probe({
  name: 'docker.access',
  observes: 'host',
  after: { unit: attempt(unit), process: attempt(jacodProcess) },
  deadlineMs: 1_500,
  async collect(_io, { unit, process }): Promise<Result<DockerAccess>> {
    const [socket, accounts] = await Promise.all([inspectPath(DOCKER_SOCKET), readAccounts()]);
    if (socket.kind === 'absent') return failed('absent', 'stat', `${DOCKER_SOCKET} does not exist`);
    if (socket.kind !== 'there') return failed('denied', 'stat', `${DOCKER_SOCKET} cannot be examined`);
    const running = await groupsOf(process);
    const configured = accountOf(unit, accounts);
    const account = running ?? configured;
    if (account === null) return failed('absent', 'process', 'neither a process nor a unit shows the user of jacod');
    const allowed = isPermitted(account, 'write', socket);
    return value({
      owner: accounts.userName(socket.uid),
      group: accounts.groupName(socket.gid),
      mode: socket.mode,
      daemonUser: accounts.userName(account.uid),
      allowed,
      groupsNotTakenUp: !allowed && running !== null && configured !== null && isPermitted(configured, 'write', socket),
    });
  },
});

type Account = { readonly uid: number; readonly gids: readonly number[] };

/** The user and groups of the running daemon, which the kernel shows to every user. */
async function groupsOf(process: Outcome<JacodProcess>): Promise<Account | null> {
  const pid = process.kind === 'value' ? process.value.main?.pid : undefined;
  if (pid === undefined) return null;
  const read = await readText(`/proc/${pid}/status`);
  if (read.kind !== 'text') return null;
  const numbers = (name: string): number[] =>
    (new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(read.text)?.[1] ?? '').split(/\s+/).filter(Boolean).map(Number);
  const [, uid] = numbers('Uid');
  const [, gid] = numbers('Gid');
  return uid === undefined || gid === undefined ? null : { uid, gids: [gid, ...numbers('Groups')] };
}

/** The user and groups of the daemon's next start, from the unit's settings and this host's accounts. */
function accountOf(units: Outcome<Units>, accounts: Accounts): Account | null {
  if (units.kind !== 'value' || units.value.service.load !== 'loaded') return null;
  const { user, supplementaryGroups } = units.value.service;
  if (user === '') return { uid: 0, gids: [0] };
  const account = accounts.user(user);
  if (account === null) return null;
  const further = supplementaryGroups.flatMap((name) => accounts.groupId(name) ?? []);
  return { uid: account.uid, gids: [...account.gids, ...further] };
}
