import { setTimeout as sleep } from 'node:timers/promises';
import { failed, notApplicable, value } from '../../../engine/outcome.ts';
import { callControl, controlAccess } from '../access/control-access.ts';
import { probe } from '../jaco-probe.ts';
import { deployments } from './deployments.ts';

/** The growth of the raft log: entries in this many ms. */
export type RaftLogRate = { readonly entries: number; readonly ms: number };

/**
 * Time between the two samples, in ms: a blocked deployment writes eleven entries per second
 * (docs/jaco-daemon/raft.md#raft-growth, docs/jaco-daemon/runtime.md#pending).
 */
const SAMPLE_INTERVAL_MS = 1_200;

/**
 * Two samples of the raft index, if a deployment is pending: the status stays after the fault is over, but the growth
 * does not (docs/jaco-daemon/runtime.md#pending).
 */
export const raftLogRate = probe({
  name: 'jaco.raft-pace',
  where: 'anywhere',
  after: { access: controlAccess, deployments },
  deadlineMs: 4_000,
  async collect(io, { deployments: { list }, access }, signal) {
    if (!list.some((one) => one.status === 'pending')) return notApplicable('measured only if a deployment is pending');
    const { ClusterService } = await import('../../../wire/jaco.ts');
    const readIndex = async (): Promise<{ index: bigint; atMs: number } | string> => {
      const called = await callControl(io, access, ClusterService.status, {}, { limitMs: 1_500, signal });
      if (called.kind === 'failure') return called.failure.detail;
      return { index: BigInt(called.response.raftIndex), atMs: performance.now() };
    };
    io.phase('first look');
    const first = await readIndex();
    await sleep(SAMPLE_INTERVAL_MS, undefined, { signal });
    io.phase('second look');
    const second = await readIndex();
    if (typeof first === 'string') return failed('unreadable', 'answer', first);
    if (typeof second === 'string') return failed('unreadable', 'answer', second);
    return value<RaftLogRate>({
      entries: Number(second.index - first.index),
      ms: Math.round(second.atMs - first.atMs),
    });
  },
});
