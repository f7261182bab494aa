import { failed, type Result, value } from '../../engine/outcome.ts';
import type { Phase } from '../../engine/probe.ts';
import { childFailure } from '../io/child-failure.ts';
import { inspectPath } from '../io/files.ts';
import { type ChildResult, runChild } from '../io/run-child.ts';
import { readIpsetSave } from './filter/ipset-save.ts';
import { readIptablesSave } from './filter/iptables-save.ts';
import type { NamedSet, Table } from './filter/table.ts';

/** What the program iptables shows on this host. The daemon and Docker write their rules through it. */
export type Iptables = {
  /** The kernel interface that it writes to. */
  readonly variant: 'nft' | 'legacy';
  readonly version: string;
  readonly tables: readonly Table[];
  /** Rules in the legacy interface in addition, which apply too; null if they cannot be read. */
  readonly legacyBeside: readonly Table[] | null;
  /**
   * The lock file that iptables-legacy opens at every call; null if it does not exist, and the first caller creates it.
   */
  readonly lock: { readonly uid: number; readonly mode: number } | null;
};

const LOCK = '/run/xtables.lock';

/** Enough for some 500,000 rules or elements. */
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The tables of iptables, from iptables-save, which reads without the lock of iptables-legacy and loads no table. Fails
 * with `missing-tool` without iptables, and with `denied` if the doctor lacks the right.
 */
export async function readIptables({ phase }: Phase, signal: AbortSignal): Promise<Result<Iptables>> {
  phase('iptables --version');
  const asked = await runChild(['iptables', '--version'], { signal, maxBytes: 4_096 });
  if (asked.kind === 'failed') return asked;
  const version = /^iptables v(\S+)/.exec(asked.stdout)?.[1];
  if (version === undefined)
    return childFailure('iptables --version', asked, { kind: 'run', argv: ['iptables', '--version'] });
  // Releases before 1.8 know one interface only and do not name it.
  const variant = asked.stdout.includes('(nf_tables)') ? 'nft' : 'legacy';
  const seen = await inspectPath(LOCK);
  const lock = seen.kind === 'there' ? { uid: seen.uid, mode: seen.mode } : null;
  phase('iptables-save');
  const saved = await save('iptables-save', signal);
  if (saved.kind === 'failed') return saved;
  const hasLegacyTables = variant === 'nft' && /iptables-legacy tables present/.test(saved.text + saved.stderr);
  if (hasLegacyTables) phase('iptables-legacy-save');
  const older = hasLegacyTables ? await save('iptables-legacy-save', signal) : null;
  const sets = await readNamedSets([saved, older], signal);
  const legacy = older?.kind === 'saved' ? readIptablesSave(older.text, 'iptables-legacy', sets) : null;
  return value({
    variant,
    version,
    lock,
    tables: readIptablesSave(saved.text, 'iptables', sets),
    legacyBeside: older === null ? [] : legacy,
  });
}

type Failed = Extract<Result, { kind: 'failed' }>;
type Saved = { readonly kind: 'saved'; readonly text: string; readonly stderr: string };

async function save(program: 'iptables-save' | 'iptables-legacy-save', signal: AbortSignal): Promise<Saved | Failed> {
  const ended = await runChild([program], { signal, maxBytes: MAX_BYTES });
  if (ended.kind === 'failed') return ended;
  if (ended.code !== 0 || ended.cut) return refusal(program, ended);
  return { kind: 'saved', text: ended.stdout, stderr: ended.stderr };
}

/** The sets of ipset, if a rule uses one. Without them such a rule may match anything. */
async function readNamedSets(
  saved: readonly (Saved | Failed | null)[],
  signal: AbortSignal,
): Promise<readonly NamedSet[]> {
  if (!saved.some((one) => one?.kind === 'saved' && one.text.includes('--match-set'))) return [];
  const ended = await runChild(['ipset', 'save'], { signal, maxBytes: MAX_BYTES });
  return ended.kind === 'failed' || ended.code !== 0 || ended.cut ? [] : readIpsetSave(ended.stdout);
}

function refusal(program: string, ended: ChildResult): Failed {
  if (ended.cut) return failed('unreadable', program, `${program} printed more than ${MAX_BYTES} bytes`);
  return childFailure(program, ended, { kind: 'run', argv: [program] });
}
