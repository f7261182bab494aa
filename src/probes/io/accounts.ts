import { readText } from './files.ts';

/** A user from /etc/passwd and /etc/group. */
export type User = { readonly name: string; readonly uid: number; readonly gids: readonly number[] };

/** The accounts in the files of this host, without users of a directory service. */
export type Accounts = {
  readonly user: (nameOrUid: string | number) => User | null;
  /** The name of a uid, or the number if it has none. */
  readonly userName: (uid: number) => string;
  readonly groupName: (gid: number) => string;
  readonly groupId: (name: string) => number | null;
};

/** Reads the accounts; an unreadable file counts as empty. */
export async function readAccounts(): Promise<Accounts> {
  const [passwd, group] = await Promise.all([readText('/etc/passwd'), readText('/etc/group')]);
  return parseAccounts(passwd.kind === 'text' ? passwd.text : '', group.kind === 'text' ? group.text : '');
}

/** Parses passwd and group. */
export function parseAccounts(passwd: string, group: string): Accounts {
  const groups = parseRows(group).map(([name = '', , gid, members = '']) => ({
    name,
    gid: Number(gid),
    members: members.split(','),
  }));
  const users = parseRows(passwd).map(([name = '', , uid, gid]): User => {
    const supplementary = groups.filter(({ members }) => members.includes(name)).map((one) => one.gid);
    return { name, uid: Number(uid), gids: [...new Set([Number(gid), ...supplementary])] };
  });
  // systemd accepts a number for User= as well as a name.
  const user = (nameOrUid: string | number): User | null =>
    users.find(({ name, uid }) => name === nameOrUid || uid === nameOrUid || String(uid) === nameOrUid) ?? null;
  return {
    user,
    userName: (uid) => user(uid)?.name ?? String(uid),
    groupName: (gid) => groups.find((one) => one.gid === gid)?.name ?? String(gid),
    groupId: (name) => groups.find((one) => one.name === name)?.gid ?? null,
  };
}

function parseRows(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4 && /^\d+$/.test(fields[2] ?? ''));
}
