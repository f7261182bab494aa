import { failed, type Result, value } from '../../engine/outcome.ts';
import { clean } from '../../engine/text.ts';
import { listFolder, readText } from '../io/files.ts';

/** The IPv4 forwarding settings of the kernel. */
export type Forwarding = {
  /** net.ipv4.ip_forward. */
  readonly all: boolean;
  /**
   * Interfaces with forwarding off, sorted. Each has its own setting, and a change of ip_forward overwrites all of
   * them.
   */
  readonly off: readonly string[];
  /** Interfaces with strict reverse path filtering (rp_filter 1), sorted. */
  readonly strict: readonly string[];
};

const ROOT = '/proc/sys/net/ipv4';
/** Most interfaces that are read; a host with a thousand containers has a thousand. */
const MAX_INTERFACES = 4_000;

/** Reads the settings of the network namespace of this process from /proc/sys. */
export async function readForwarding(): Promise<Result<Forwarding>> {
  const [all, names] = await Promise.all([readSwitch('ip_forward'), listFolder(`${ROOT}/conf`, MAX_INTERFACES)]);
  if (all === null) return failed('unreadable', 'read', `${ROOT}/ip_forward cannot be read`);
  if (names.kind === 'failed') return names;
  const globalFilter = await readSwitch('conf/all/rp_filter');
  const interfaces = names.names.filter((name) => name !== 'all' && name !== 'default');
  const switches = await Promise.all(
    interfaces.map(async (name) => ({
      name: clean(name, 15),
      forwards: await readSwitch(`conf/${name}/forwarding`),
      // The larger of the two applies.
      filter: Math.max(globalFilter ?? 0, (await readSwitch(`conf/${name}/rp_filter`)) ?? 0),
    })),
  );
  return value({
    all: all !== 0,
    off: switches.filter(({ forwards }) => forwards === 0).map(({ name }) => name),
    // 2 is loose and takes precedence over 1.
    strict: switches.filter(({ filter }) => filter === 1).map(({ name }) => name),
  });
}

async function readSwitch(name: string): Promise<number | null> {
  const read = await readText(`${ROOT}/${name}`);
  const text = read.kind === 'text' ? read.text.trim() : '';
  return /^\d+$/.test(text) ? Number(text) : null;
}
