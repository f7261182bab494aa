import { listFolder, readText } from '../../../io/files.ts';

/** Hostnames of the certificates in node/, without the CA's; null if they may not be listed. */
export async function certificatesIn(node: string): Promise<readonly string[] | null> {
  const read = await listFolder(node);
  if (read.kind !== 'names') return read.failure.why === 'absent' ? [] : null;
  return read.names.filter((name) => name.endsWith('.crt') && name !== 'ca.crt').map((name) => name.slice(0, -4));
}

/** Whether the doctor may read a file. */
export async function readAccess(path: string): Promise<'readable' | 'absent' | 'denied' | 'unreadable'> {
  const read = await readText(path);
  if (read.kind === 'text') return 'readable';
  const { why } = read.failure;
  return why === 'absent' || why === 'denied' ? why : 'unreadable';
}

/** `peer_addrs` of join.json. Nothing else of the file is kept. */
export async function peersIn(path: string): Promise<readonly string[] | null> {
  const read = await readText(path);
  if (read.kind !== 'text') return null;
  try {
    const { peer_addrs: peers } = JSON.parse(read.text) as { peer_addrs?: unknown };
    return Array.isArray(peers) ? peers.filter((one) => typeof one === 'string').slice(0, 1000) : null;
  } catch {
    return null;
  }
}
