import { closeSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/engine/json.ts';
import { notApplicable, type Result, value } from '../../../../src/engine/outcome.ts';
import { type DataDir, dataDir } from '../../../../src/probes/jaco/daemon/data-dir.ts';

describe('a data directory on disk', () => {
  const path = mkdtempSync(join(tmpdir(), 'data-'));
  afterAll(() => rmSync(path, { recursive: true }));

  async function look(): Promise<Result<DataDir>> {
    const none = notApplicable('systemd did not boot this host');
    const process_ = value({ main: null, from: 'scan', socketDirPrivate: null, others: [] } as unknown as Json);
    const facts = {
      unit: none,
      config: { path: '/etc/jaco/jacod.yaml', settings: { dataDir: path } },
      process: process_,
    };
    return dataDir.collect(
      { phase: () => {}, settings: { standIn: null } } as never,
      facts as never,
      new AbortController().signal,
    ) as Promise<Result<DataDir>>;
  }

  test('of a fresh host is empty, and reported as such', async () => {
    expect(await look()).toMatchObject({
      kind: 'value',
      value: {
        seen: 'there',
        raftState: 'absent',
        certificates: [],
        caCert: 'absent',
        peers: null,
        daemonUser: null,
      },
    });
  });

  test('of a member has its names, peers and free space', async () => {
    mkdirSync(join(path, 'raft'));
    mkdirSync(join(path, 'node'));
    writeFileSync(join(path, 'raft', 'log.db'), 'x'.repeat(4096));
    for (const name of ['jaco-1.crt', 'ca.crt', 'jaco-1.key']) writeFileSync(join(path, 'node', name), '');
    writeFileSync(join(path, 'node', 'join.json'), '{"peer_addrs":["10.0.0.2:7000", 5],"token":"secret"}');
    const result = await look();
    expect(result).toMatchObject({
      value: {
        raftState: 'present',
        certificates: ['jaco-1'],
        caCert: 'readable',
        peers: ['10.0.0.2:7000'],
        lockHolders: [],
      },
    });
    expect(JSON.stringify(result)).not.toContain('secret');
    const { space } = (result as { value: DataDir }).value;
    expect(space?.totalBytes).toBeGreaterThan(space?.freeBytes ?? Number.POSITIVE_INFINITY);
  });

  test('with a join file that is not JSON has no peers', async () => {
    writeFileSync(join(path, 'node', 'join.json'), 'nonsense');
    expect(await look()).toMatchObject({ value: { peers: null } });
  });

  test('of a daemon whose file became invalid while it runs is where it has its raft log open', async () => {
    const log = openSync(join(path, 'raft', 'log.db'), 'r');
    const main = { pid: process.pid, user: 'jaco' };
    const facts = {
      unit: notApplicable(''),
      config: { path: '/etc/jaco/jacod.yaml', settings: null },
      process: value({ main, from: 'scan', socketDirPrivate: null, others: [] }),
    };
    const io = { phase: () => {}, settings: { standIn: null } };
    const result = await dataDir.collect(io as never, facts as never, new AbortController().signal);
    closeSync(log);
    expect(result).toMatchObject({ kind: 'value', value: { path: realpathSync(path), raftState: 'present' } });
  });

  test('of an unreadable configuration is not guessed', async () => {
    const facts = {
      unit: notApplicable(''),
      config: { path: '/etc/jaco/jacod.yaml', settings: null },
      process: notApplicable(''),
    };
    const result = await dataDir.collect(
      { phase: () => {}, settings: { standIn: null } } as never,
      facts as never,
      new AbortController().signal,
    );
    expect(result).toMatchObject({ kind: 'failed', failure: { why: 'withheld', root: 'jaco.config' } });
  });
});
