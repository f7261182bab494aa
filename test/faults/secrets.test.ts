import { expect, test } from 'vitest';
import { jaco } from '../../checks/jaco.ts';
import { buildReport } from '../../src/cli/build-report.ts';
import { examine } from '../../src/cli/jaco/demo.ts';
import { withFault } from '../../src/demo/jaco/with-fault.ts';
import { replicaContainer, replicaRow } from '../../src/demo/jaco/workload.ts';
import { ReplicaState } from '../../src/wire/jaco.ts';

/** Values of the stand-in in places where a real node has secrets, and one that a program prints to its log. */
const CANARIES = ['canary-of-the-environment-1', 'canary-of-the-manifest-1'];

test('no secret of a manifest, an environment or a log reaches a recording or a report', async () => {
  const recording = await withFault('exit-loop', async (cluster, node) => {
    const it = replicaContainer(cluster, 'solo-app-0');
    it.log = [`connecting with ${CANARIES[1]}`, 'Authorization: Bearer abcdef.ghijkl-123456'];
    Object.assign(replicaRow(cluster, 'solo-app-0'), {
      state: ReplicaState.FAILED,
      message: `inspect: ${CANARIES[1]}`,
    });
    return examine(jaco, node);
  });
  const written = `${JSON.stringify([...recording.facts])}\n${JSON.stringify(await buildReport(jaco, recording))}`;
  expect(written).toContain('container_exited');
  // The program's line is kept, without the manifest's password.
  expect(written).toContain('connecting with [the value of DATABASE_PASSWORD of app]');
  for (const canary of [...CANARIES, 'abcdef.ghijkl']) expect(written).not.toContain(canary);
});
