import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cluster, startCluster } from '../../src/demo/jaco/cluster.ts';
import type { Report } from '../../src/report/report.ts';
import { doctor } from '../cli/bin.ts';

/** The behaviour of a child instead of answering. `"$0"` is in each command line, so that leftovers are found. */
const MANNERS = {
  silent: 'while :; do sleep 0.3; done',
  drip: 'while :; do printf x; sleep 0.2; done',
  garbage: 'head -c 100000 /dev/urandom; exit 0',
  half: 'printf %s \'{"MESSAGE":"starting","__REALTIME_TIMEST\'; exit 1',
  'half of UTF-8': 'printf \'{"MESSAGE":"a\\303\'; exit 0',
  endless: 'while :; do printf "%s\\n" \'{"MESSAGE":"x","__REALTIME_TIMESTAMP":"1"}\'; done',
  'one endless line': 'while :; do printf "%s" xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done',
  'a terminal’s commands': 'printf "\\033[2J\\033]0;owned\\007\\n" >&2; printf "\\033[2J\\n"; exit 1',
  'refuses to die': 'trap "" TERM INT HUP QUIT PIPE; while :; do sleep 0.3; done',
  'leaves a child behind that holds its output': '(while :; do sleep 0.3; done) & exit 0',
  'is killed': 'kill -9 $$',
} as const;

let folder: string;
let cluster: Cluster;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'children-'));
  cluster = await startCluster({ nodes: 1 });
});
afterAll(async () => {
  await cluster.close();
  await rm(folder, { recursive: true });
});

/** A folder of programs that all behave like this. */
function programs(name: string, body: string): string {
  const path = join(folder, name.replaceAll(/\W+/g, '-'));
  mkdirSync(path);
  for (const program of ['journalctl', 'systemctl', 'jacod']) {
    writeFileSync(join(path, program), `#!/bin/bash\n# ${path}\n${body}\n`);
    chmodSync(join(path, program), 0o755);
  }
  return path;
}

function leftOver(path: string): string {
  return spawnSync('pgrep', ['-af', path], { encoding: 'utf8' }).stdout;
}

describe.concurrent('a child that', () => {
  for (const [name, body] of Object.entries(MANNERS))
    test(name, { timeout: 60_000 }, async () => {
      const path = programs(name, body);
      const node = cluster.node(1);
      const args = ['--socket', node.socketPath, '--config', node.configPath, '--timeout', '20s', '--format', 'json'];
      const { stdout, stderr, ms } = await doctor(args, { env: { PATH: `${path}:${process.env['PATH']}` } });
      const report = JSON.parse(stdout) as Report;
      const row = (check: string) => report.checks.find((one) => one.name === check);
      expect(stderr).toBe('');
      expect(`${stdout}`).not.toMatch(/\u001b|\\u001b/);
      // The rows that need no child are still judged.
      expect([row('raft-quorum')?.status, row('daemon-socket')?.status, row('operator-token')?.status]).toEqual([
        'pass',
        'pass',
        'pass',
      ]);
      expect(row('daemon-version')).toMatchObject({ findings: [] });
      expect(ms).toBeLessThan(25_000);
      expect(leftOver(path)).toBe('');
    });
});

test('a child does not outlive a doctor that is stuck and has to be killed', { timeout: 60_000 }, async () => {
  const path = programs('outlives', MANNERS['refuses to die']);
  const stuck = join(folder, 'stuck.mjs');
  // Once there is a child, the program's own thread does nothing more.
  writeFileSync(
    stuck,
    `import { ChildProcess } from 'node:child_process';
const { spawn } = ChildProcess.prototype;
ChildProcess.prototype.spawn = function (...args) { setTimeout(() => { for (;;); }, 300); return spawn.apply(this, args); };\n`,
  );
  const node = cluster.node(1);
  const args = ['--socket', node.socketPath, '--config', node.configPath, '--timeout', '1s'];
  const env = { PATH: `${path}:${process.env['PATH']}`, NODE_OPTIONS: `--import=${stuck}` };
  expect(await doctor(args, { env })).toMatchObject({ signal: 'SIGKILL' });
  expect(leftOver(path)).toBe('');
});

test('a child that has left its group may outlive the run, and does not delay it', { timeout: 60_000 }, async () => {
  const path = programs('escapes', 'setsid bash -c "while :; do sleep 0.3; done # $0" & exit 0');
  const node = cluster.node(1);
  const args = ['--socket', node.socketPath, '--config', node.configPath, '--timeout', '2s', '--format', 'id'];
  const { ms, code } = await doctor(args, { env: { PATH: `${path}:${process.env['PATH']}` } });
  spawnSync('pkill', ['-9', '-f', path]);
  expect(code).not.toBeNull();
  expect(ms).toBeLessThan(20_000);
});
