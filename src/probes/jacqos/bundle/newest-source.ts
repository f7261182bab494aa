import { join } from 'node:path';
import { listFolder, modifiedMs } from '../../io/files.ts';

/** The sources of a bundle, in the layout of `jacqos scaffold` (CLI). */
const SOURCES = ['jacqos.toml', 'ontology', 'mappings', 'helpers', 'prompts', 'schemas', 'fixtures'];
/** Most files that are checked. */
const MAX_FILES = 2_000;

/**
 * The newest source that changed more than 1 s after `sinceMs`, as a path relative to the app's folder; null for none.
 * A copy or a checkout gives all files a new time, so this is only a hint.
 */
export async function newestSource(dir: string, sinceMs: number): Promise<string | null> {
  let remaining = MAX_FILES;
  let newest: { path: string; ms: number } | null = null;
  const visit = async (path: string, depth: number): Promise<void> => {
    if (remaining <= 0) return;
    remaining -= 1;
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
