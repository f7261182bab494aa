import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { findings, ids } from '../expect.ts';
import type { Host } from '../host/host.ts';
import { type FlowName, measure, type State } from './packets.ts';

/**
 * A configuration that other software, or a person, left on a host that runs JACO, rebuilt from public posts. `rules`
 * are added to those of JACO and Docker; `iptables` without a flush, so that `-F` and `-I` act as on a real host.
 */
export type FieldCase = {
  /** The incident, or why there is none. */
  readonly incident: string;
  readonly nft?: string;
  readonly iptables?: string;
  /**
   * Shell on the host before the rules are loaded, and its reversal. Rules of nft and of iptables are always reverted.
   */
  readonly setup?: string;
  readonly undo?: string;
  /** The real result of packets. */
  readonly packets: Readonly<Partial<Record<FlowName, State>>>;
  /** The time before the doctor starts, in ms, if only the age of unanswered connections shows the fault. */
  readonly pauseMs?: number;
  /** Null if nothing is wrong: no finding, and no check that could not be judged. */
  readonly first: string | null;
  /** Ids that follow from it, and are correct too. */
  readonly follows?: readonly string[];
  /** Words that the evidence must contain. */
  readonly because?: readonly RegExp[];
  /** The expected note if nothing is wrong. */
  readonly notes?: RegExp;
};

/** Ids that are wrong in all of these cases, unless one is expected. */
const NEVER = [
  'overlay_exemption_missing',
  'isolation_rules_wrong',
  'dns_listener_missing',
  'dns_service_unresolved',
  'dns_upstream_unreachable',
];

/** Sets a case up; {@link undo} reverts it. */
export async function bringAbout(host: Host, { setup, nft, iptables }: FieldCase): Promise<void> {
  if (setup !== undefined) await host.sh(setup);
  // Not in /tmp, because this machine cannot write there.
  if (nft !== undefined) host.write('/opt/field/rules.nft', nft);
  if (iptables !== undefined) host.write('/opt/field/rules.v4', iptables);
  if (nft !== undefined) await host.sh('nft -f /opt/field/rules.nft');
  if (iptables !== undefined) await host.sh('iptables-restore --noflush /opt/field/rules.v4');
}

export async function undo(host: Host, { undo }: FieldCase): Promise<void> {
  if (undo !== undefined) await host.sh(undo);
  await host.mendNetwork();
}

/** First the real result, by packets; then the doctor's report. */
export async function expectTruthAndReport(host: Host, one: FieldCase): Promise<void> {
  expect(await measure(host, Object.keys(one.packets) as FlowName[])).toEqual(one.packets);
  if (one.pauseMs !== undefined) await sleep(one.pauseMs);
  const run = await host.doctor();
  const { report, code, stderr, ms } = run;
  console.log(`${one.incident}: ${ids(run).join(', ') || 'nothing failed'}; exit ${code}, ${ms} ms`);
  const doubtful = report.checks.filter(({ status }) => status !== 'pass' && status !== 'not-applicable');
  const shown = JSON.stringify(
    doubtful.map(({ name, status, reason, notJudged, findings }) => ({ name, status, reason, notJudged, findings })),
    null,
    1,
  );
  expect(report.first, shown).toBe(one.first);
  expect(stderr).toBe('');
  expect(code, shown).toBe(one.first === null ? 0 : 1);
  if (one.first === null) expect(doubtful, shown).toEqual([]);
  for (const id of NEVER)
    if (id !== one.first && one.follows?.includes(id) !== true) expect(ids(run), shown).not.toContain(id);
  const evidence = findings(run)
    .filter(({ id }) => id === one.first)
    .flatMap((finding) => finding.evidence)
    .join('\n');
  for (const words of one.because ?? []) expect(evidence).toMatch(words);
  if (one.notes !== undefined) expect(report.checks.flatMap(({ notes }) => notes).join('\n')).toMatch(one.notes);
}
