import { failed, type Result, value } from '../../engine/outcome.ts';
import type { Phase } from '../../engine/probe.ts';
import { type ChildResult, run } from '../io/exec.ts';
import { inspectPath } from '../io/files.ts';
import type { Table } from './filter/filter.ts';
import { readIptablesSave } from './filter/iptables-save.ts';
import { isPermissionError } from './permission-error.ts';

/** What the program called iptables sees on this host, which is what the daemon and Docker write through. */
export type Iptables = {
  /** Which kernel interface it writes to. */
  readonly variant: 'nft' | 'legacy';
  readonly version: string;
  readonly tables: readonly Table[];
  /** Rules that lie in the other, older interface beside it, which apply as well; null where they cannot be read. */
  readonly legacyBeside: readonly Table[] | null;
  /** The lock that iptables-legacy opens at every call; null where there is none and its first caller makes it. */
  readonly lock: { readonly uid: number; readonly mode: number } | null;
};

const LOCK = '/run/xtables.lock';

const MAX_BYTES = 8 * 1024 * 1024;

/**
 * The tables of iptables, by iptables-save: that reads without the lock of iptables-legacy and loads no table. Fails with
 * `missing-tool` where there is no iptables, `denied` to us.
 */
export async function readIptables({ phase }: Phase, signal: AbortSignal): Promise<Result<Iptables>> {
  phase('iptables --version');
  const asked = await run(['iptables', '--version'], { signal, maxBytes: 4_096 });
  if (asked.kind === 'failed') return asked;
  const version = /^iptables v(\S+)/.exec(asked.stdout)?.[1];
  if (version === undefined) return failed('unreadable', 'iptables --version', asked.stderr || 'it named no version');
  // Releases before 1.8 know one interface only and do not name it.
  const variant = asked.stdout.includes('(nf_tables)') ? 'nft' : 'legacy';
  const seen = await inspectPath(LOCK);
  const lock = seen.kind === 'there' ? { uid: seen.uid, mode: seen.mode } : null;
  phase('iptables-save');
  const saved = await save('iptables-save', 'iptables', signal);
  if (saved.kind === 'failed') return saved;
  if (variant === 'legacy' || !saved.others)
    return value({ variant, version, lock, tables: saved.tables, legacyBeside: [] });
  phase('iptables-legacy-save');
  const older = await save('iptables-legacy-save', 'iptables-legacy', signal);
  return value({
    variant,
    version,
    lock,
    tables: saved.tables,
    legacyBeside: older.kind === 'failed' ? null : older.tables,
  });
}

type Saved = { readonly kind: 'saved'; readonly tables: readonly Table[]; readonly others: boolean };

async function save(
  program: 'iptables-save' | 'iptables-legacy-save',
  from: 'iptables' | 'iptables-legacy',
  signal: AbortSignal,
): Promise<Saved | Extract<Result, { kind: 'failed' }>> {
  const ended = await run([program], { signal, maxBytes: MAX_BYTES });
  if (ended.kind === 'failed') return ended;
  if (ended.code !== 0 || ended.cut) return refusal(program, ended);
  const tables = readIptablesSave(ended.stdout, from);
  if (tables === null) return failed('unreadable', program, `${program} printed more rules than are read`);
  return { kind: 'saved', tables, others: /iptables-legacy tables present/.test(ended.stdout + ended.stderr) };
}

function refusal(program: string, { code, stderr, cut }: ChildResult): Extract<Result, { kind: 'failed' }> {
  if (cut) return failed('unreadable', program, `${program} printed more than ${MAX_BYTES} bytes`);
  const said = stderr || `${program} ended with ${code ?? 'a signal'} and said nothing`;
  return failed(isPermissionError(stderr) ? 'denied' : 'unreadable', program, said);
}
