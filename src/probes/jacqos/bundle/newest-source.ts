import { join } from 'node:path';
import { listFolder } from '../../io/files.ts';
import { modifiedMs } from '../../io/times.ts';

/** What a bundle is made from, by the layout that scaffold makes (CLI). */
const SOURCES = ['jacqos.toml', 'ontology', 'mappings', 'helpers', 'prompts', 'schemas', 'fixtures'];
/** Files looked at, at most. */
const MOST = 2_000;

/**
 * The path, from the app's folder, of a source that was changed after `sinceMs` by more than a second, the newest of them;
 * null for none. A copy or a checkout gives all files one new time, so this is a hint and no proof.
 */
export async function newestSource(dir: string, sinceMs: number): Promise<string | null> {
  let left = MOST;
  let newest: { path: string; ms: number } | null = null;
  const visit = async (path: string, depth: number): Promise<void> => {
    if (left <= 0) return;
    left -= 1;
    const names = depth > 4 ? { kind: 'failed' as const } : await listFolder(join(dir, path));
    if (names.kind === 'names') {
      for (const name of names.names) await visit(join(path, name), depth + 1);
      return;
    }
    const ms = await modifiedMs(join(dir, path));
    if (ms !== null && ms > sinceMs + 1_000 && (newest === null || ms > newest.ms)) newest = { path, ms };
  };
  for (const source of SOURCES) await visit(source, 0);
  return (newest as { path: string } | null)?.path ?? null;
}
