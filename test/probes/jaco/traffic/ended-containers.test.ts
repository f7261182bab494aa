import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { endedContainers } from '../../../../src/probes/jaco/traffic/ended-containers.ts';

test('a container that exits while packets are sent to it is told from one that lost them', async () => {
  const { pid: gone } = spawnSync('true');
  const pids = [
    ['127.0.0.1', process.pid],
    // As after a restart: the process runs, and its network has another address.
    ['127.0.0.10', process.pid],
    ['10.244.1.2', gone],
    ['10.244.1.3', null],
  ] as const;
  expect([...(await endedContainers(new Map(pids)))]).toEqual(['127.0.0.10', '10.244.1.2', '10.244.1.3']);
});
