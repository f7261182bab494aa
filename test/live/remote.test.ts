import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectSaid, findings, ids } from '../real/expect.ts';
import type { Run } from '../real/shell.ts';
import { Lab, realJaco, sayWhatWasNotRun } from './lab.ts';

const missing = realJaco() === null;
if (missing) sayWhatWasNotRun('test/live/remote, the doctor from a machine that is not a node');

const row = ({ report }: Run, name: string) => report.checks.find((check) => check.name === name);

describe.skipIf(missing)('three real daemons, asked from a machine that is not a node', () => {
  const [LAPTOP, SPARE] = [4, 5];
  let lab: Lab;
  let ca: string;
  const at = (i: number, port = 7000): string => `10.78.0.${i}:${port}`;
  const ask = (
    servers: readonly string[],
    of: { ca?: string | null; token?: string; words?: readonly string[] } = {},
  ): Promise<Run> =>
    lab.ask(LAPTOP, servers, {
      words: [...(of.ca === null ? [] : ['--ca-cert', of.ca ?? ca]), ...(of.words ?? [])],
      ...(of.token === undefined ? {} : { env: { JACO_TOKEN: of.token } }),
    });

  beforeAll(async () => {
    lab = await Lab.start({ nodes: 3, spare: 2, prefix: 'lr', subnet: '10.78.0' });
    ca = join(lab.folder, 'laptop-ca.crt');
    copyFileSync(lab.ca(1), ca);
  });
  afterAll(() => lab?.close());
  beforeEach(async () => {
    await lab.sh('lab_back 1 2 3');
  });

  it('are healthy, from any of them', async () => {
    for (const i of [1, 2, 3]) {
      const run = await ask([at(i)]);
      expectSaid(`healthy, jaco-${i} asked`, run, { first: null, exit: 0 });
      expect(ids(run)).toEqual([]);
      expect(run.report.target).toMatchObject({
        host: `jaco-${i}`,
        via: `asked over TCP at ${at(i)}, certificate verified`,
      });
      expect(row(run, 'operator-token')?.evidence[0]).toBe(`${at(i)} accepts the token given`);
    }
    const all = await ask([at(1), at(2), at(3)]);
    expectSaid('healthy, all asked', all, { first: null, exit: 0 });
  });

  it('refuse a token that is a stranger’s, in capitals, empty, or revoked', async () => {
    const hex = lab.token;
    const said = async (what: string, token: string, first: string) => {
      const run = await ask([at(2)], { token });
      expectSaid(what, run, { first, exit: 1 });
      expect(`${run.stdout}${run.stderr}`.toLowerCase()).not.toContain(hex);
    };
    await said('a stranger', 'ab'.repeat(32), 'token_invalid');
    await said('in capitals', hex.toUpperCase(), 'token_invalid');
    await said('with a blank', `${hex} `, 'token_invalid');
    await said('with Bearer', `Bearer ${hex}`, 'token_invalid');
    await said('empty', '', 'token_missing');
    const issued = await lab.sh(
      `nsenter --net=/run/netns/\${P}1 -- "$JACO" token issue --server ${at(await lab.leader(1))} --ca-cert ${ca} --token ${hex} --name gone`,
    );
    const gone = /\b[0-9a-f]{64}\b/.exec(issued)?.[0] ?? '';
    await lab.sh(
      `nsenter --net=/run/netns/\${P}1 -- "$JACO" token revoke gone --server ${at(await lab.leader(1))} --ca-cert ${ca} --token ${hex}`,
    );
    await said('revoked', gone, 'token_revoked');
  });

  it('are asked at the raft port by mistake', async () => {
    expectSaid('raft port', await ask([at(1, 7001)]), {
      first: 'not_jaco_grpc',
      exit: 1,
      because: [/10\.78\.0\.1:7001/],
    });
  });

  it('are asked without a CA: nothing is called verified, and the token stays here', async () => {
    const run = await ask([at(1)], { ca: null });
    expectSaid('no CA', run, { first: null, exit: 3 });
    expect(row(run, 'raft-quorum')?.status).toBe('pass');
    expect(row(run, 'operator-token')?.status).toBe('unknown');
  });

  it('lose one, killed, frozen or cut off', async () => {
    const leader = await lab.leader(1);
    const [asked = 0, victim = 0] = [leader, [1, 2, 3].find((i) => i !== leader) ?? 0];
    await lab.sh(`lab_end ${victim} KILL`);
    const killed = await ask([at(asked)]);
    // In its first minute a dead daemon still has a fresh heartbeat, so from here its closed port alone is not a
    // finding.
    expect([null, 'node_unreachable']).toContain(killed.report.first);
    expect(killed.code).not.toBe(0);
    const given = await ask([at(asked), at(victim)]);
    expectSaid('killed, and named', given, {
      first: 'node_unreachable',
      exit: 1,
      because: [new RegExp(`jaco-${victim}|10\\.78\\.0\\.${victim}`), /ECONNREFUSED/],
    });
    await lab.sh(`lab_back ${victim}; lab_signal ${victim} STOP`);
    expectSaid('frozen', await ask([at(asked)]), {
      first: 'node_unresponsive',
      exit: 1,
      because: [new RegExp(`jaco-${victim}`)],
    });
  });

  it('lose their majority', async () => {
    const leader = await lab.leader(1);
    const others = [1, 2, 3].filter((i) => i !== leader);
    await lab.sh(others.map((i) => `lab_end ${i} KILL`).join('; '));
    await lab.sh(`lab_wait 'no leader' lab_leaderless ${leader}`);
    const run = await ask([at(leader)]);
    expectSaid('two of three killed', run, {
      first: 'quorum_lost',
      exit: 1,
      never: ['token_invalid', 'token_missing'],
    });
    expect(row(run, 'operator-token')?.status).toBe('blocked');
  });

  it('stop together, freeze, or become unreachable', async () => {
    await lab.sh('lab_end 3 KILL');
    expectSaid('killed', await ask([at(3)]), { first: 'daemon_unreachable', exit: 1, because: [/ECONNREFUSED/] });
    await lab.sh('lab_back 3; lab_signal 3 STOP');
    expectSaid('frozen', await ask([at(3)]), { first: 'daemon_unresponsive', exit: 1 });
    await lab.sh('lab_back 3; lab_cut 3');
    const cut = await ask([at(3)]);
    expect(cut.report.first).toBe('daemon_unreachable');
    expect(
      findings(cut)[0]
        ?.fix.map(({ do: prose }) => prose)
        .join(),
    ).toMatch(/10\.78\.0\.3:7000 does not answer from here/);
  });

  it('have one that has lost its certificate, or was renamed', async () => {
    await lab.sh(
      `lab_end 3 TERM; mv $LAB/j3/data/node/jaco-3.crt $LAB/j3/kept.crt; lab_start 3; lab_wait 'jaco-3 leads' lab_leads 3`,
    );
    try {
      const run = await ask([at(3)]);
      expectSaid('certificate lost', run, {
        first: 'tls_bootstrap_certificate',
        exit: 1,
        never: ['cluster_uninitialized'],
      });
      expect(row(run, 'raft-quorum')?.status).toBe('pass');
      expect(row(run, 'operator-token')).toMatchObject({ status: 'blocked', blockedBy: 'tls_bootstrap_certificate' });
      expectSaid('and seen from it', await lab.doctor(3), { first: 'tls_bootstrap_certificate', exit: 1 });
      expectSaid('and seen from a node', await lab.doctor(1), {
        first: 'tls_bootstrap_certificate',
        exit: 1,
        because: [/jaco-3/],
      });
    } finally {
      await lab.sh(`lab_end 3 TERM; mv $LAB/j3/kept.crt $LAB/j3/data/node/jaco-3.crt; lab_start 3`);
    }
  });

  it('are not the intended ones: a node of another cluster, a fresh one, one that did not resume', async () => {
    await lab.sh(`lab_start ${SPARE}; lab_wait 'the fresh one answers' lab_answers ${SPARE}`);
    const fresh = await ask([at(SPARE)]);
    expectSaid('fresh', fresh, { first: 'cluster_uninitialized', exit: 1 });
    expect(ids(fresh)).toEqual(['cluster_uninitialized', 'tls_bootstrap_certificate']);
    expect(JSON.stringify(fresh.report)).not.toMatch(/"cluster","init"/);
    await lab.sh(
      `j ${SPARE} cluster init --no-systemd-enable >$LAB/other; lab_wait 'another leader' lab_leads ${SPARE}`,
    );
    const other = await ask([at(SPARE)]);
    expectSaid('another cluster', other, { first: 'tls_untrusted', exit: 1, because: [/signs with key/] });
    expect(row(other, 'raft-quorum')).toMatchObject({ status: 'blocked', blockedBy: 'tls_untrusted' });
    await lab.sh(`lab_end ${SPARE} KILL`);
  });
});
