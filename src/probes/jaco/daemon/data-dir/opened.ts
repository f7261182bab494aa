import type { Outcome } from '../../../../engine/outcome.ts';
import { listFolder, readLinkTarget } from '../../../io/files.ts';
import type { JacodProcess } from '../process.ts';

/**
 * The data directory of a running daemon by the raft log it has open: its file may have been broken since it was read.
 * Null where none runs, none is open, or only root may see.
 */
export async function openedBy(process: Outcome<JacodProcess>): Promise<string | null> {
  const pid = process.kind === 'value' ? (process.value.main?.pid ?? null) : null;
  if (pid === null) return null;
  const open = await listFolder(`/proc/${pid}/fd`);
  if (open.kind !== 'names') return null;
  const links = await Promise.all(open.names.map((fd) => readLinkTarget(`/proc/${pid}/fd/${fd}`)));
  return links.flatMap((link) => /^(\/.*)\/raft\/log\.db$/.exec(link ?? '')?.[1] ?? [])[0] ?? null;
}
