import { check } from '../../src/engine/check.ts';
import { type Finding, judged } from '../../src/engine/finding.ts';
import { formatDuration, formatTime } from '../../src/engine/format.ts';
import { deploymentEvents } from '../../src/probes/jaco/runtime/deployment-events.ts';
import { type Deployment, deployments } from '../../src/probes/jaco/runtime/deployments.ts';
import { replicas } from '../../src/probes/jaco/runtime/replicas.ts';
import { ROLLBACK_LOOP_MS } from '../../src/probes/jaco/timing.ts';

type CheckFinding = Finding<'rollout_rolled_back', never>;

export default check({
  name: 'rollouts',
  group: 'runtime',
  where: 'anywhere',
  title: 'no deployment was rolled back by JACO',
  reads: { deployments, replicas, events: deploymentEvents },
  finds: ['rollout_rolled_back'],
  judge({ deployments: { list }, replicas: { rows }, events: { events, cut, sinceMs } }, now) {
    const findings: CheckFinding[] = [];
    const notes: string[] = [];
    for (const one of list) {
      const own = events.filter((event) => event.deployment === one.name);
      const applied = own.filter((event) => event.kind === 'apply').at(-1)?.atMs ?? sinceMs;
      // A revision that was applied later replaces those before it.
      const back = own.filter(
        (event) => event.kind === 'rollback' && event.identity === 'rollout' && event.atMs >= applied,
      );
      const last = back.at(-1);
      if (last === undefined) continue;
      const running = rows.filter((row) => row.deployment === one.name).every((row) => row.state === 'running');
      const turns = back.length > 1 && now - last.atMs < ROLLBACK_LOOP_MS;
      const history = describeHistory(one, back.length, last.atMs, now, turns);
      if (running && isGlobal(one))
        notes.push(`${history.join('; ')}: normal for a global service, and all of its replicas are running`);
      else
        findings.push({
          id: 'rollout_rolled_back',
          subject: one.name,
          evidence: [...history, running ? 'all of its replicas are running' : 'not all of its replicas are running'],
        });
    }
    const evidence = [`JACO rolled back no deployment since ${formatTime(sinceMs)}`];
    return judged(findings, {
      evidence,
      notes: [...notes, ...(cut ? ['not every event of that time was read'] : [])],
    });
  },
});

function describeHistory(
  { name, appliedRevision, previousRevision }: Deployment,
  count: number,
  lastAtMs: number,
  now: number,
  turns: boolean,
): readonly string[] {
  const often = count === 1 ? 'once' : `${count} times`;
  return [
    `${name} was rolled back ${often} since its last apply, ${turns ? 'about once a minute, ' : ''}last ${formatDuration(Math.max(0, now - lastAtMs))} ago`,
    `it shows revision ${appliedRevision} and runs the last applied manifest; the previous revision is shown as ${previousRevision}`,
  ];
}

/**
 * The plan of a global service waits for replicas that never exist, so it never completes
 * (docs/jaco-daemon/runtime.md#rollouts).
 */
function isGlobal({ services }: Deployment): boolean {
  return services.some((service) => service.placement === 'global');
}
