import { readText } from '../../io/files.ts';

/**
 * Which of these addresses are no longer those of their container: its process ended, or has another network. `pidByIp`
 * has the process of each container at the start of the measurement.
 */
export async function endedContainers(pidByIp: ReadonlyMap<string, number | null>): Promise<ReadonlySet<string>> {
  const ended = await Promise.all([...pidByIp].map(async ([ip, pid]) => ((await hasAddress(pid, ip)) ? [] : [ip])));
  return new Set(ended.flat());
}

/** The kernel's table of a process's network lists each of its own addresses. */
async function hasAddress(pid: number | null, ip: string): Promise<boolean> {
  if (pid === null) return false;
  const table = await readText(`/proc/${pid}/net/fib_trie`);
  return table.kind === 'text' && table.text.includes(`|-- ${ip}\n`);
}
