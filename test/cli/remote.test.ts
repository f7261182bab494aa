import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clusterCa, nodeCertificates } from '../../src/demo/jaco/certificates.ts';
import { type Cluster, startCluster } from '../../src/demo/jaco/cluster.ts';
import { deploy, replicaRow } from '../../src/demo/jaco/workload.ts';
import type { Report } from '../../src/report/report.ts';
import { ReplicaState } from '../../src/wire/jaco.ts';
import { otherClusterCa } from '../demo/other-cluster-ca.ts';
import { type Asked, askServers, row } from './ask.ts';
import { doctor } from './bin.ts';

let folder: string;
let ca: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'remote-'));
  ca = join(folder, 'ca.crt');
  await writeFile(ca, clusterCa);
});
afterAll(() => rm(folder, { recursive: true }));

let cluster: Cluster | undefined;
afterEach(async () => {
  await cluster?.close();
  cluster = undefined;
});
async function start(nodes = 3): Promise<Cluster> {
  cluster = await startCluster({ nodes });
  return cluster;
}

/** With the cluster's CA and a good token by default. */
const ask = (
  c: Cluster,
  servers: readonly string[],
  { args = ['--ca-cert', ca], token = c.token as string | null } = {},
): Promise<Asked> => askServers(c, servers, { args, token });

describe('from a laptop', () => {
  test('a healthy cluster is judged by what its control port shows; the rest is not applicable, and why', async () => {
    const c = await start();
    const { report, code } = await ask(c, [c.node(2).grpcAddress]);
    expect({ code, first: report.first, verdict: report.verdict }).toEqual({ code: 0, first: null, verdict: 'pass' });
    expect(report.target).toEqual({
      host: 'demo-2',
      mode: 'remote',
      via: expect.stringContaining(`${c.node(2).grpcAddress}, certificate verified`),
      version: null,
      leader: `demo-1 (${c.node(1).raftAddress})`,
      leaderless: null,
    });
    const statuses = Object.fromEntries(report.checks.map(({ name, status }) => [name, status]));
    expect(statuses).toMatchObject({
      'daemon-config': 'not-applicable',
      'daemon-unit': 'not-applicable',
      'daemon-socket': 'pass',
      'raft-quorum': 'pass',
      'node-liveness': 'pass',
      'control-tls': 'pass',
      'operator-token': 'pass',
      'docker-engine': 'pass',
      'subnet-pool': 'pass',
      deployments: 'pass',
      containers: 'pass',
      replicas: 'pass',
      rollouts: 'pass',
    });
    expect(row(report, 'docker-engine')?.notes).toHaveLength(1);
    expect(row(report, 'daemon-unit')?.status).toBe('not-applicable');
    const asked = new Set(c.calls.map(({ over, path }) => `${over} ${path}`));
    const reads = ['Audit/Query', 'Cluster/Status', 'Deploy/GetReplicas', 'Deploy/Status', 'Tokens/List'];
    expect([...asked].sort()).toEqual(reads.map((name) => `tcp /jaco.v1.${name}`));
  });

  test('faults that nodes report for their replicas are found, with a note that details are visible there', async () => {
    const c = await start();
    deploy(c, 'shop', [{ name: 'web', on: [2] }]);
    Object.assign(replicaRow(c, 'shop-web-0'), {
      state: ReplicaState.FAILED,
      code: 'container_exited',
      details: { exit_code: '3' },
    });
    const { report, code } = await ask(c, [c.node(1).grpcAddress]);
    expect({ code, first: report.first }).toEqual({ code: 1, first: 'container_exited' });
    const [finding] = row(report, 'replicas')?.findings ?? [];
    expect(finding?.evidence).toContainEqual(expect.stringMatching(/^shop-web-0 on demo-2: .*\b3\b/));
    expect(finding?.fix.map(({ on }) => on)).toContain('demo-2');
  });

  test('without a token what runs is not judged, and the missing token is why', async () => {
    const c = await start();
    deploy(c, 'shop', [{ name: 'web' }]);
    const { report } = await ask(c, [c.node(1).grpcAddress], { token: null });
    for (const name of ['subnet-pool', 'deployments', 'containers', 'replicas', 'rollouts', 'certificates'])
      expect([name, row(report, name)?.status, row(report, name)?.blockedBy]).toEqual([
        name,
        'blocked',
        'token_missing',
      ]);
    expect(row(report, 'docker-engine')?.blockedBy).toBe('token_missing');
  });

  test('a verify command asks the same servers and never says the token', async () => {
    const c = await start();
    c.node(1).showCertificate('moved');
    const { report } = await ask(c, [c.node(1).grpcAddress, c.node(2).grpcAddress], {
      args: ['--ca-cert', ca, '--token', c.token],
    });
    const [finding] = row(report, 'control-tls')?.findings ?? [];
    expect(finding).toMatchObject({ id: 'tls_name_mismatch', subject: 'demo-1' });
    expect(finding?.verify).toEqual([
      ...['jaco-doctor', '--only', 'control-tls', '--server', c.node(1).grpcAddress],
      ...['--server', c.node(2).grpcAddress, '--ca-cert', ca],
    ]);
  });

  test('many servers: the first that answers leads, a dead one is named, all are compared', async () => {
    const c = await start();
    const [one, two, three] = c.nodes.map((node) => node.grpcAddress) as [string, string, string];
    await c.node(1).kill();
    const { report, said } = await ask(c, [one, three, two]);
    expect(report.target.via).toContain(`${three}, certificate verified`);
    expect(said).toEqual(['quorum_at_risk', 'node_unreachable demo-1']);
    expect(row(report, 'daemon-socket')?.evidence.join('\n')).toMatch(`connect to ${one}: ECONNREFUSED`);
    c.splitLeader();
  });

  test('two servers that each claim to be the leader are reported', async () => {
    const c = await start();
    c.splitLeader();
    const { report } = await ask(c, [c.node(1).grpcAddress, c.node(2).grpcAddress]);
    expect(report.first).toBe('leader_view_split');
  });

  test('two of three dead: quorum is lost, and tokens are not judged', async () => {
    const c = await start();
    await c.loseQuorum();
    const { report, code } = await ask(c, [c.node(1).grpcAddress]);
    expect({ first: report.first, code }).toEqual({ first: 'quorum_lost', code: 1 });
    expect(row(report, 'operator-token')).toMatchObject({ status: 'blocked', blockedBy: 'quorum_lost', findings: [] });
  });

  test('what answers at a listed address with another certificate is not taken for the member', async () => {
    const c = await start();
    const stranger = await startCluster({ nodes: 1 });
    stranger.node(1).showCertificate('foreign');
    Object.assign(c.raft.members.get('demo-3') ?? {}, { grpcAddress: stranger.node(1).grpcAddress });
    const { said, report, code } = await ask(c, [c.node(1).grpcAddress]);
    await stranger.close();
    expect({ said, code }).toEqual({ said: [], code: 3 });
    expect(row(report, 'control-tls')?.notJudged.map(({ subject }) => subject)).toEqual(['demo-3']);
    expect(row(report, 'raft-leader')?.status).toBe('pass');
  });
});

test('a variable that turns verification off for other programs has no effect here', async () => {
  const c = await start();
  const off = { NODE_TLS_REJECT_UNAUTHORIZED: '0', JACO_TOKEN: c.token };
  const where = ['--server', c.node(1).grpcAddress, '--format', 'id', '--ca-cert'];
  expect(await doctor([...where, ca], { env: off })).toMatchObject({ code: 0, stdout: 'pass\n' });
  const other = join(folder, 'other.crt');
  await writeFile(other, otherClusterCa);
  const asked = c.calls.length;
  expect(await doctor([...where, other], { env: off })).toMatchObject({ code: 1, stdout: 'tls_untrusted\n' });
  expect(c.calls.length).toBe(asked);
});

describe('who answers', () => {
  test('another cluster’s node leads to its certificate and to nothing else of it', async () => {
    const c = await start();
    await c.loseQuorum();
    const other = join(folder, 'other.crt');
    await writeFile(other, otherClusterCa);
    const { report, code } = await ask(c, [c.node(1).grpcAddress], { args: ['--ca-cert', other] });
    expect({ first: report.first, code }).toEqual({ first: 'tls_untrusted', code: 1 });
    expect(row(report, 'raft-quorum')).toMatchObject({ status: 'blocked', blockedBy: 'tls_untrusted' });
    expect(c.calls).toEqual([]);
  });

  test('without a CA everything is asked unverified with a note, and no token is sent', async () => {
    const c = await start();
    const { report, code } = await ask(c, [c.node(1).grpcAddress], { args: [] });
    expect(report.target.via).toMatch(/certificate not verified$/);
    expect(code).toBe(3);
    expect(row(report, 'raft-quorum')?.status).toBe('pass');
    expect(row(report, 'control-tls')?.status).toBe('unknown');
    expect(row(report, 'operator-token')?.status).toBe('unknown');
    expect(c.calls.map(({ path }) => path)).not.toContain('/jaco.v1.Tokens/List');
  });

  test('a node that has taken up nothing: what its Status says, unverified, then its certificate; no init is printed', async () => {
    const c = await start(1);
    await c.node(1).uninitialize();
    const { report, said } = await ask(c, [c.node(1).grpcAddress]);
    expect(said).toEqual([
      `cluster_uninitialized ${c.node(1).grpcAddress}`,
      `tls_bootstrap_certificate ${c.node(1).grpcAddress}`,
    ]);
    expect(JSON.stringify(report)).not.toMatch(/"init"/);
    expect(JSON.stringify(report)).not.toMatch(/"raft_resume_failed"/);
  });

  test('a node that did not resume is distinguished from a fresh one by a server that lists it', async () => {
    const c = await start();
    await c.node(3).failResume();
    const { report } = await ask(c, [c.node(3).grpcAddress, c.node(1).grpcAddress], { args: [] });
    expect(report.first).toBe('raft_resume_failed');
    expect(row(report, 'raft-membership')?.findings[0]).toMatchObject({
      subject: 'demo-3',
      evidence: [expect.any(String), expect.stringMatching(/^demo-1 lists demo-3/)],
    });
  });

  test('a renamed node, alone or among others whose heartbeats continue', async () => {
    const alone = await start(1);
    alone.renameHost(1);
    expect((await ask(alone, [alone.node(1).grpcAddress])).said).toEqual([
      expect.stringMatching(/^hostname_changed/),
      expect.stringMatching(/^tls_bootstrap_certificate/),
    ]);
    await alone.close();
    const c = await start();
    c.renameHost(3);
    c.stallHeartbeat(3, 3_600_000);
    expect((await ask(c, [c.node(3).grpcAddress])).report.first).toBe('hostname_changed');
  });

  test('a lost certificate: the rest of the cluster is judged all the same', async () => {
    const c = await start();
    c.node(1).loseCertificate();
    const { report, said } = await ask(c, [c.node(1).grpcAddress]);
    expect(said).toEqual(['tls_bootstrap_certificate demo-1']);
    expect(row(report, 'raft-quorum')?.status).toBe('pass');
    expect(row(report, 'operator-token')).toMatchObject({ status: 'blocked', blockedBy: 'tls_bootstrap_certificate' });
  });
});

describe('the token', () => {
  const cases: readonly (readonly [string, (c: Cluster) => string | null, string])[] = [
    ['none', () => null, 'token_missing'],
    ['an empty one', () => '', 'token_missing'],
    ['a stranger', () => 'ab'.repeat(32), 'token_invalid'],
    ['a good one in capitals', (c) => c.token.toUpperCase(), 'token_invalid'],
    ['a good one with a line end', (c) => `${c.token}\r`, 'token_invalid'],
    ['a revoked one', (c) => c.issueToken('gone', { revoked: true }), 'token_revoked'],
  ];
  for (const [what, tokenOf, id] of cases)
    test(`${what} is ${id}`, async () => {
      const c = await start();
      const { report, code, stderr } = await ask(c, [c.node(1).grpcAddress], { token: tokenOf(c) });
      expect({ first: report.first, code, stderr }).toEqual({ first: id, code: 1, stderr: '' });
    });

  test('on a node is tried at its own operator port; the socket would take any', async () => {
    const c = await start();
    const where = ['--socket', c.node(1).socketPath, '--config', c.node(1).configPath, '--format', 'json'];
    const tried = async (token: string) =>
      JSON.parse((await doctor(where, { env: { JACO_TOKEN: token } })).stdout) as Report;
    expect(row(await tried('cd'.repeat(32)), 'operator-token')?.findings[0]?.id).toBe('token_invalid');
    expect(row(await tried(c.token), 'operator-token')?.evidence[0]).toContain(c.node(1).grpcAddress);
  });
});

describe('no server, or another server', () => {
  test('a closed port, a silent one, a web server, the raft port', async () => {
    const c = await start(5);
    await c.node(1).kill();
    c.node(2).freeze();
    c.node(3).garbage('http');
    const first = async (server: string) => (await ask(c, [server])).report.first;
    expect(await first(c.node(1).grpcAddress)).toBe('daemon_unreachable');
    expect(await first(c.node(2).grpcAddress)).toBe('daemon_unresponsive');
    expect(await first(c.node(3).grpcAddress)).toBe('not_jaco_grpc');
    expect(await first(c.node(4).raftAddress)).toBe('not_jaco_grpc');
  });

  test('a name that does not resolve is not blamed on a daemon', async () => {
    const c = await start(1);
    const { report, code } = await ask(c, ['nosuch.invalid:7000']);
    expect({ first: report.first, code }).toEqual({ first: null, code: 3 });
    expect(row(report, 'daemon-socket')?.reason).toMatch(/^nosuch\.invalid: /);
  });

  test('a server that never answers ends the run in time', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const c = await start(1);
    const { ms, report } = await ask(c, [`127.0.0.1:${port}`], { args: ['--ca-cert', ca, '--timeout', '1s'] });
    silent.close();
    expect(report.checks.find(({ name }) => name === 'raft-quorum')?.status).not.toBe('pass');
    expect(ms).toBeLessThan(15_000);
  });
});

describe('what is asked for is checked before anything is asked', () => {
  const refused: readonly (readonly [string[], RegExp])[] = [
    [['--server', 'https://jaco-1:7000'], /is a URL; write host:port/],
    [['--server', 'jaco-1:99999'], /is not an address; write host:port, such as 10\.0\.0\.4:7000/],
    [['--server', 'a b'], /is not an address/],
    [
      ['--server', 'jaco-1', '--socket', '/run/x.sock'],
      /--socket=\/run\/x\.sock cannot also be provided when using --server/,
    ],
    [['--server', 'jaco-1', '--ca-cert', '/nosuch/ca.crt'], /--ca-cert: \/nosuch\/ca\.crt: ENOENT/],
    [['--server', 'jaco-1', '--ca-cert', import.meta.filename], /no certificate in PEM/],
  ];
  for (const [args, says] of refused)
    test(args.join(' '), async () => {
      const { code, stderr, stdout } = await doctor(args);
      expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
      expect(stderr.replace(/\s+/g, ' ')).toMatch(says);
    });

  test('a bundle of CAs, of which the cluster’s might be the one that is left out', async () => {
    const bundle = join(folder, 'bundle.pem');
    await writeFile(bundle, otherClusterCa.repeat(50) + clusterCa);
    const { code, stderr } = await doctor(['--server', 'jaco-1', '--ca-cert', bundle]);
    expect(code).toBe(64);
    expect(stderr.replace(/\s+/g, ' ')).toMatch(/bundle\.pem.*\b51\b/);
  });

  test('JACO_SERVER names the server only where nothing of JACO’s is here', async () => {
    const c = await start(1);
    const env = { JACO_SERVER: c.node(1).grpcAddress, JACO_CA_CERT: ca, JACO_TOKEN: c.token };
    const target = async (args: string[], more: NodeJS.ProcessEnv = {}) =>
      (JSON.parse((await doctor([...args, '--format', 'json'], { env: { ...env, ...more } })).stdout) as Report).target
        .mode;
    expect(await target([], { JACO_SOCKET: '' })).toBe('remote');
    expect(await target(['--socket', c.node(1).socketPath, '--config', c.node(1).configPath])).toBe('node');
    expect(await target([], { JACO_SOCKET: c.node(1).socketPath, JACO_CONFIG: c.node(1).configPath })).toBe('node');
  });

  test('of a CA file with a key in it, only the certificate is kept', async () => {
    const c = await start(1);
    const { cert, key } = nodeCertificates['demo-1'] as { cert: string; key: string };
    const both = join(folder, 'both.pem');
    await writeFile(both, `${key}${clusterCa}${cert}`);
    const file = join(folder, 'recording.json');
    await ask(c, [c.node(1).grpcAddress], { args: ['--ca-cert', both, '--record', file] });
    const recorded = await readFile(file, 'utf8');
    expect(recorded).toContain('BEGIN CERTIFICATE');
    expect(recorded).not.toContain(key.split('\n')[1]);
    expect(recorded).not.toContain(c.token);
  });
});
