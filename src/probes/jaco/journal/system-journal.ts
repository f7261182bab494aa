import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { listFolder } from '../../io/files.ts';

const JOURNAL_ROOTS = ['/var/log/journal', '/run/log/journal'];

/**
 * Whether this user may read the system's journal, to which daemons write. With JSON output, journalctl reports nothing
 * to a user who has a journal of the user's own but may not read that one: it prints nothing and succeeds (systemd
 * 252). Null if there is no such file.
 */
export async function systemJournalReadable(roots: readonly string[] = JOURNAL_ROOTS): Promise<boolean | null> {
  const folders = await Promise.all(
    roots.map(async (root) => {
      const machines = await listFolder(root);
      return machines.kind === 'names' ? machines.names.map((name) => join(root, name, 'system.journal')) : [];
    }),
  );
  const read = await Promise.all(folders.flat().map(mayRead));
  const present = read.filter((one) => one !== 'absent');
  return present.length === 0 ? null : present.includes('yes');
}

async function mayRead(path: string): Promise<'yes' | 'no' | 'absent'> {
  return access(path, constants.R_OK).then(
    () => 'yes',
    (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' || error.code === 'ENOTDIR' ? 'absent' : 'no'),
  );
}
