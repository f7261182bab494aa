import { join } from 'node:path';
import { type Result, value } from '../../engine/outcome.ts';
import { inspectPath, isWritable, listFolder, type PathStatus, readLinkTarget, readText } from '../io/files.ts';
import { findSecret, type SecretKind } from './find-secret.ts';
import { probe } from './jacqos-probe.ts';

/**
 * `.jacqos/cloud` of the app's folder, where the CLI keeps session metadata (CLOUDCLI); its files are not documented.
 */
export type SessionFolder = {
  readonly path: string;
  readonly kind: 'folder' | 'absent' | 'not-a-folder';
  readonly files: number;
  /** Where a session would be written: the folder, or its nearest existing parent. */
  readonly writable: boolean;
  readonly writesTo: string;
  /** Files that seem to hold a readable secret, with its kind; never the value. */
  readonly secrets: readonly { readonly file: string; readonly kind: SecretKind }[];
  /** Number of files that could not be read or were skipped. */
  readonly unread: number;
};

const MAX_FILES = 200;
const MAX_DEPTH = 3;

/** Whether a session can be kept in the folder, and whether its files hold secrets. */
export const sessionFolder = probe({
  name: 'jacqos.session-folder',
  deadlineMs: 3_000,
  async collect({ settings, env, phase }): Promise<Result<SessionFolder>> {
    const path = join(settings.appDir, '.jacqos', 'cloud');
    const status = await inspectPath(path);
    const kind = await folderKind(path, status);
    const writesTo = await nearestExisting([path, join(settings.appDir, '.jacqos'), settings.appDir]);
    const secrets: { file: string; kind: SecretKind }[] = [];
    const count = { files: 0, unread: 0 };
    const visit = async (folder: string, depth: number): Promise<void> => {
      const names = await listFolder(folder);
      if (names.kind === 'failed') {
        count.unread += 1;
        return;
      }
      for (const name of names.names) {
        const file = join(folder, name);
        const entry = await inspectPath(file);
        if (entry.kind === 'there' && entry.type === 'directory' && depth < MAX_DEPTH) await visit(file, depth + 1);
        else if (count.files >= MAX_FILES) count.unread += 1;
        else {
          count.files += 1;
          const read = await readText(file);
          if (read.kind === 'failed') count.unread += 1;
          else {
            const secret = findSecret(read.text, env);
            if (secret !== null) secrets.push({ file, kind: secret });
          }
        }
      }
    };
    phase('read');
    if (kind === 'folder') await visit(path, 1);
    const writable = kind !== 'not-a-folder' && (await isWritable(writesTo));
    return value({ path, kind, ...count, writable, writesTo, secrets: secrets });
  },
});

/** A dangling link exists and cannot hold files. */
async function folderKind(path: string, status: PathStatus): Promise<SessionFolder['kind']> {
  if (status.kind === 'there') return status.type === 'directory' ? 'folder' : 'not-a-folder';
  if (status.kind === 'denied') return 'folder';
  if ((await readLinkTarget(path)) !== null) return 'not-a-folder';
  return status.kind === 'absent' ? 'absent' : 'folder';
}

async function nearestExisting(paths: readonly string[]): Promise<string> {
  for (const path of paths) if ((await inspectPath(path)).kind === 'there') return path;
  return paths.at(-1) ?? '/';
}
