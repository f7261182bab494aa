import { join } from 'node:path';
import { type Result, value } from '../../engine/outcome.ts';
import { isWritable } from '../io/access.ts';
import { inspectPath, listFolder, type PathStatus, readLinkTarget, readText } from '../io/files.ts';
import { probe } from './io.ts';
import { type SecretKind, secretIn } from './session/secret.ts';

/** `.jacqos/cloud` of the app's folder, where the CLI keeps session metadata (CLOUDCLI); its files are not documented. */
export type SessionFolder = {
  readonly path: string;
  readonly kind: 'folder' | 'absent' | 'not-a-folder';
  readonly files: number;
  /** Where a session would be written: the folder, or the nearest one above it that is there. */
  readonly writable: boolean;
  readonly writesTo: string;
  /** Files that hold something readable which looks like a secret, with what it looks like; never the value. */
  readonly secrets: readonly { readonly file: string; readonly kind: SecretKind }[];
  /** Files that could not be read or were not looked at. */
  readonly unread: number;
};

const MOST_FILES = 200;
const MAX_DEPTH = 3;

/** Looks where a session would be kept, and through its files for what must not be there. */
export const sessionFolder = probe({
  name: 'jacqos.session-folder',
  deadlineMs: 3_000,
  async collect({ settings, env, phase }): Promise<Result<SessionFolder>> {
    const path = join(settings.appDir, '.jacqos', 'cloud');
    const seen = await inspectPath(path);
    const kind = await kindOf(path, seen);
    const writesTo = await nearest([path, join(settings.appDir, '.jacqos'), settings.appDir]);
    const found: { file: string; kind: SecretKind }[] = [];
    const count = { files: 0, unread: 0 };
    const visit = async (folder: string, depth: number): Promise<void> => {
      const names = await listFolder(folder);
      if (names.kind === 'failed') {
        count.unread += 1;
        return;
      }
      for (const name of names.names) {
        const file = join(folder, name);
        const one = await inspectPath(file);
        if (one.kind === 'there' && one.type === 'directory' && depth < MAX_DEPTH) await visit(file, depth + 1);
        else if (count.files >= MOST_FILES) count.unread += 1;
        else {
          count.files += 1;
          const read = await readText(file);
          if (read.kind === 'failed') count.unread += 1;
          else {
            const secret = secretIn(read.text, env);
            if (secret !== null) found.push({ file, kind: secret });
          }
        }
      }
    };
    phase('read');
    if (kind === 'folder') await visit(path, 1);
    const writable = kind !== 'not-a-folder' && (await isWritable(writesTo));
    return value({ path, kind, ...count, writable, writesTo, secrets: found });
  },
});

/** A link that leads nowhere, or to itself, is there and can hold nothing. */
async function kindOf(path: string, seen: PathStatus): Promise<SessionFolder['kind']> {
  if (seen.kind === 'there') return seen.type === 'directory' ? 'folder' : 'not-a-folder';
  if (seen.kind === 'denied') return 'folder';
  if ((await readLinkTarget(path)) !== null) return 'not-a-folder';
  return seen.kind === 'absent' ? 'absent' : 'folder';
}

async function nearest(paths: readonly string[]): Promise<string> {
  for (const path of paths) if ((await inspectPath(path)).kind === 'there') return path;
  return paths.at(-1) ?? '/';
}
