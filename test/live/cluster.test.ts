import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { advised, expectSaid, findings, ids } from '../real/expect.ts';
import { type Run, until } from '../real/shell.ts';
import { Lab, realJaco, sayWhatWasNotRun } from './lab.ts';

const missing = realJaco() === null;
if (missing) sayWhatWasNotRun('test/live/cluster, the doctor on clusters of real daemons');

/** Conclusions that must never be drawn from an empty or old state (docs/jaco-daemon/raft.md#no-quorum). */
const FROM_EMPTY_STATE = [
  'token_missing',
  'token_invalid',
  'token_revoked',
  'node_not_member',
  'hostname_changed',
  'cluster_uninitialized',
];

/**
 * Advice that no report may give while votes are missing (docs/jaco-daemon/raft.md#dead-voter-removal,
 * docs/jaco-daemon/raft.md#resume-failure).
 */
function advisesNoHarm(run: Run): void {
  expect(advised(run).join('\n')).not.toMatch(/jaco node remove|jaco cluster init|rm -r/);
}

function hold(of: { nodes: number; spare?: number }): () => Lab {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.start(of);
  });
  afterAll(() => lab?.close());
  return () => lab;
}

function followersOf(leader: number): readonly [number, number] {
  const [a = 0, b = 0] = [1, 2, 3].filter((i) => i !== leader);
  return [a, b];
}

describe.skipIf(missing)('three real daemons', () => {
  const the = hold({ nodes: 3 });
  beforeEach(async () => {
    await the().sh('lab_back 1 2 3');
  });

  it('are well, says the leader', async () => {
    const run = await the().doctor(await the().leader(1));
    expectSaid('healthy leader', run, { first: null, exit: 0 });
    expect(ids(run)).toEqual([]);
    expect(run.report.checks.find(({ name }) => name === 'raft-voters')?.evidence.join()).toMatch(/3 of 3/);
  });

  it('are healthy, seen from a follower, which does not know the voters', async () => {
    const run = await the().doctor(followersOf(await the().leader(1))[0]);
    expectSaid('healthy follower', run, { first: null, exit: 0 });
    expect(ids(run)).toEqual([]);
  });

  it('have lost a follower, killed', async () => {
    const lab = the();
    const leader = await lab.leader(1);
    const [dead] = followersOf(leader);
    await lab.sh(`lab_end ${dead} KILL`);
    const run = await lab.doctor(leader);
    expectSaid('follower killed', run, {
      first: 'node_unreachable',
      exit: 1,
      because: [new RegExp(`jaco-${dead}`), /ECONNREFUSED|refused/],
      warned: 'quorum_at_risk',
      never: ['quorum_lost', 'no_leader', 'node_unresponsive'],
    });
    advisesNoHarm(run);
  });

  it('have a follower that is frozen', async () => {
    const lab = the();
    const leader = await lab.leader(1);
    const [frozen] = followersOf(leader);
    await lab.sh(`lab_signal ${frozen} STOP`);
    const run = await lab.doctor(leader);
    expectSaid('follower frozen', run, {
      first: 'node_unresponsive',
      exit: 1,
      because: [new RegExp(`jaco-${frozen}`)],
      never: ['quorum_lost', 'no_leader', 'node_unreachable'],
    });
    advisesNoHarm(run);
  });

  it('have a follower with an unplugged cable, seen from both ends', async () => {
    const lab = the();
    const leader = await lab.leader(1);
    const [cut] = followersOf(leader);
    await lab.sh(`lab_cut ${cut}; lab_wait 'no leader' lab_leaderless ${cut}`);
    const [inside, outside] = [await lab.doctor(leader), await lab.doctor(cut)];
    expectSaid('follower cut, from the leader', inside, {
      first: 'node_unreachable',
      exit: 1,
      because: [new RegExp(`jaco-${cut}`)],
      never: ['quorum_lost', 'no_leader'],
    });
    // It cannot know that the others continue without it, but its report must say that they may.
    expectSaid('follower cut, from itself', outside, { first: 'quorum_lost', exit: 1, never: FROM_EMPTY_STATE });
    expect(JSON.stringify(findings(outside))).toMatch(/from here|this node|cut off|network/);
    advisesNoHarm(inside);
    advisesNoHarm(outside);
  });

  it('have just held an election, which has left no trace', async () => {
    const lab = the();
    const leader = await lab.leader(1);
    const [other] = followersOf(leader);
    await lab.sh(`lab_signal ${leader} STOP`);
    await until('another leads', async () => ![0, leader].includes(await lab.leader(other)));
    await lab.sh(`lab_signal ${leader} CONT`);
    const run = await lab.doctor(leader);
    expectSaid('election just over', run, { first: null, exit: 0 });
  });

  it('have lost their leader a moment ago', async () => {
    const lab = the();
    const leader = await lab.leader(1);
    const [other] = followersOf(leader);
    await lab.sh(`lab_end ${leader} KILL`);
    const run = await lab.doctor(other);
    expectSaid('leader killed a moment ago', run, {
      first: 'node_unreachable',
      exit: 1,
      because: [new RegExp(`jaco-${leader}`)],
      never: ['quorum_lost', 'no_leader', 'leader_view_split'],
    });
  });

  it('have lost two, and the survivor reports the missing votes, before and after its restart', async () => {
    const lab = the();
    const leader = await lab.leader(1);
    const [dead, alive] = followersOf(leader);
    await lab.sh(`lab_end ${leader} KILL; lab_end ${dead} KILL; lab_wait 'no leader' lab_leaderless ${alive}`);
    const running = await lab.doctor(alive);
    await lab.sh(`lab_end ${alive} TERM; lab_start ${alive}; lab_wait 'it answers' lab_answers ${alive}`);
    const restarted = await lab.doctor(alive);
    expectSaid('two killed', running, {
      first: 'quorum_lost',
      exit: 1,
      because: [new RegExp(`jaco-${dead}`), new RegExp(`jaco-${leader}`)],
      never: FROM_EMPTY_STATE,
    });
    advisesNoHarm(running);
    expectSaid('two killed, survivor restarted', restarted, { first: 'quorum_lost', exit: 1, never: FROM_EMPTY_STATE });
    advisesNoHarm(restarted);
  });

  it('are well again with all three back', async () => {
    for (const i of [1, 2, 3]) {
      const run = await the().doctor(i);
      expectSaid(`all back, from jaco-${i}`, run, { first: null, exit: 0 });
    }
  });

  it('are two since one was removed, which still runs and then is restarted', async () => {
    const lab = the();
    const leader = await lab.leader(1);
    // Not the first node: after a restart without a journal nothing on it names a peer, because it never joined one.
    const [, gone] = followersOf(leader);
    await lab.sh(`j ${leader} node remove jaco-${gone}; lab_wait 'it lost its leader' lab_leaderless ${gone}`);
    const running = await lab.doctor(gone);
    await lab.sh(`lab_end ${gone} TERM; lab_start ${gone}; lab_wait 'it answers' lab_answers ${gone}`);
    const restarted = await lab.doctor(gone);
    expectSaid('removed, still running', running, {
      first: 'node_not_member',
      exit: 1,
      because: [/member lists of .* jaco-3/],
      never: ['quorum_lost', 'no_leader'],
    });
    expectSaid('removed, restarted', restarted, {
      first: 'node_not_member',
      exit: 1,
      because: [/member lists of .* jaco-3/],
      never: ['quorum_lost', 'no_leader', 'token_invalid'],
    });
    const left = await lab.doctor(leader);
    expectSaid('the two that are left', left, { first: null, exit: 0 });
  });
});

describe.skipIf(missing)('three real daemons of which a dead one was removed', () => {
  const the = hold({ nodes: 3 });

  it('cannot elect any more, although both listed members answer; its data brings them back', async () => {
    const lab = the();
    const leader = await lab.leader(1);
    const [dead, alive] = followersOf(leader);
    await lab.sh(
      `lab_end ${dead} KILL; ! j ${leader} node remove jaco-${dead}; lab_wait 'no leader' lab_leaderless ${alive}`,
    );
    const views = [await lab.doctor(leader), await lab.doctor(alive)];
    for (const [at, run] of views.entries()) {
      expectSaid(`dead member removed, from ${['the former leader', 'the other'][at]}`, run, {
        first: 'quorum_lost',
        exit: 1,
        because: [new RegExp(`jaco-${dead}`)],
        never: FROM_EMPTY_STATE,
      });
      advisesNoHarm(run);
      expect(JSON.stringify(findings(run))).toContain(`jaco-${dead}`);
    }
    await lab.sh(`lab_start ${dead}; lab_wait 'a leader' lab_leads ${alive}`);
  });
});

describe.skipIf(missing)('four real daemons and a fifth host', () => {
  const the = hold({ nodes: 4, spare: 1 });
  const healthy = async (i: number, what: string): Promise<void> => {
    await the().sh(`lab_wait 'jaco-${i} knows a leader' lab_leads ${i}`);
    expectSaid(what, await the().doctor(i), { first: null, exit: 0 });
  };

  it('have one without a vote, which is expected', async () => {
    const leader = await the().leader(1);
    const run = await the().doctor(leader);
    expectSaid('four members', run, { first: null, exit: 0 });
    expect(ids(run)).toEqual([]);
    await healthy(4, 'four members, from the one without a vote');
  });

  it('leave alone a fifth that was never initialized', async () => {
    const lab = the();
    await lab.sh(`lab_start 5; lab_wait 'it answers' lab_answers 5`);
    expectSaid('uninitialized', await lab.doctor(5), {
      first: 'cluster_uninitialized',
      exit: 1,
      because: [/initialized=false/, /raft\/log\.db/],
      never: ['raft_resume_failed', 'no_leader', 'token_invalid'],
    });
  });

  it('are joined by a host of a name that is taken', async () => {
    const lab = the();
    await lab.sh('lab_end 5 TERM');
    lab.rename(5, 'jaco-4');
    await lab.sh(`lab_start 5; lab_wait 'it answers' lab_answers 5; lab_join 5; lab_wait 'it follows' lab_leads 5`);
    const [newcomer, victim] = [await lab.doctor(5), await lab.doctor(4)];
    expectSaid('duplicate name, from the newcomer', newcomer, {
      first: 'hostname_taken',
      exit: 1,
      never: ['node_not_member'],
    });
    expectSaid('duplicate name, from the victim', victim, {
      first: 'hostname_taken',
      exit: 1,
      because: [/10\.79\.0\.5:7001/],
    });
  });
});

describe.skipIf(missing)('a real daemon among three whose own host has the fault', () => {
  const the = hold({ nodes: 3 });
  beforeEach(async () => {
    await the().sh('lab_config 3; lab_back 1 2 3');
  });

  it('was killed, and its socket file remains', async () => {
    const lab = the();
    await lab.sh('lab_end 3 KILL');
    expectSaid('stale socket', await lab.doctor(3), {
      first: 'daemon_unreachable',
      exit: 1,
      because: [/j3\/jaco\.sock/],
      never: ['daemon_unresponsive', 'quorum_lost'],
    });
  });

  it('does not start on its jacod.yaml', async () => {
    const lab = the();
    // The start of a process is known to 2 s, so a younger one may have read the changed file.
    await lab.sh(`lab_wait 'a daemon that read the file before' lab_older 3 3`);
    lab.configure(3, 'listen_adr: 0.0.0.0:7000\n');
    expectSaid('config changed while it runs', await lab.doctor(3), {
      first: null,
      exit: 0,
      warned: 'config_invalid_on_restart',
    });
    await lab.sh(`lab_end 3 TERM; lab_start 3; lab_wait 'it gives up' lab_gone 3`);
    const run = await lab.doctor(3);
    expectSaid('config invalid', run, { first: 'config_invalid', exit: 1, because: [/jacod\.yaml:8:1: .*listen_adr/] });
    // The doctor's parser and the daemon's reject it for the same reason.
    expect(lab.log(3)).toMatch(/line 8: field listen_adr not found in type config\.Config/);
    expect(JSON.stringify(findings(run))).toContain('field listen_adr not found in type config.Config');
  });

  it('found its raft port held when it started', async () => {
    const lab = the();
    await lab.sh(`lab_end 3 TERM
      lab_on 3 bash -c 'echo $$ >"$1"; exec "$2" -e "$3"' squat "$LAB/squatter" ${process.execPath} \
        'require("net").createServer().listen(7001, "10.79.0.3")' </dev/null >/dev/null 2>&1 &
      lab_wait 'the port is held' bash -c "ip netns exec \${P}3 ss -Hltn 'sport = :7001' | grep -q ."
      lab_start 3; lab_wait 'it answers' lab_answers 3`);
    const held = await lab.doctor(3);
    await lab.sh('kill -9 "$(cat "$LAB/squatter")"');
    const free = await lab.doctor(3);
    await lab.sh('lab_end 3 TERM');
    // No journal shows here why the start failed, but the holder of the port is still visible.
    expectSaid('raft port held', held, {
      first: 'raft_resume_failed',
      exit: 1,
      because: [/log\.db/, /10\.79\.0\.3:7001/],
      never: ['cluster_uninitialized'],
    });
    expectSaid('raft port was held', free, {
      first: 'raft_resume_failed',
      exit: 1,
      because: [/log\.db/],
      never: ['cluster_uninitialized'],
    });
    expect(JSON.stringify(findings(free))).not.toContain('10.79.0.3:7001');
    advisesNoHarm(held);
    advisesNoHarm(free);
  });

  it('shares its data directory with a second daemon, which waits without end', async () => {
    const lab = the();
    // The second one is node 3's too, with its own configuration and ports.
    await lab.sh(`mkdir -p "$LAB/j9"; cp "$LAB/j3/hostname" "$LAB/j9/"; ln -sfn "/run/netns/\${P}3" "$LAB/j9/netns"
      lab_config 9 "$LAB/j3/data"; sed -i 's/10.79.0.9:/10.79.0.3:1/' "$LAB/j9/jacod.yaml"
      lab_on 3 bash -c 'echo $$ >"$1/pid"; exec env -i JACO_CONFIG="$1/jacod.yaml" PATH="$2" "$3"' second "$LAB/j9" "$NODEPATH" "$JACOD" </dev/null >>"$LAB/j9/log" 2>&1 &
      lab_wait 'the second made its socket' test -S "$LAB/j9/jaco.sock"`);
    const home = `${lab.folder}/j9`;
    const second = await lab.doctor(3, ['--socket', `${home}/jaco.sock`, '--config', `${home}/jacod.yaml`]);
    const first = await lab.doctor(3);
    await lab.sh('kill -9 "$(cat "$LAB/j9/pid")"');
    expectSaid('second daemon on one data_dir, from the second', second, {
      first: 'data_dir_locked',
      exit: 1,
      because: [/lock/],
    });
    expectSaid('second daemon on one data_dir, from the first', first, { first: 'data_dir_locked', exit: 1 });
  });

  it('goes by a new host name since its restart', async () => {
    const lab = the();
    await lab.sh('lab_end 3 TERM');
    lab.rename(3, 'renamed');
    await lab.sh(`lab_start 3; lab_wait 'it follows' lab_leads 3`);
    const run = await lab.doctor(3);
    expectSaid('renamed', run, {
      first: 'hostname_changed',
      exit: 1,
      because: [/jaco-3/, /renamed/],
      never: ['node_not_member', 'hostname_taken'],
    });
    advisesNoHarm(run);
  });
});

describe.skipIf(missing)('two real daemons, of which one has the only vote', () => {
  const the = hold({ nodes: 2 });

  it('are well, and one of them cannot do without the other', async () => {
    const run = await the().doctor(1);
    expectSaid('two members', run, { first: null, exit: 0 });
  });

  it('have lost the one with the vote', async () => {
    const lab = the();
    await lab.sh(`lab_end 1 KILL; lab_wait 'no leader' lab_leaderless 2`);
    const running = await lab.doctor(2);
    await lab.sh(`lab_end 2 TERM; lab_start 2; lab_wait 'it answers' lab_answers 2`);
    const restarted = await lab.doctor(2);
    expectSaid('two members, the voter dead', running, {
      first: 'quorum_lost',
      exit: 1,
      because: [/jaco-1/],
      never: FROM_EMPTY_STATE,
    });
    expectSaid('two members, the voter dead, the other restarted', restarted, {
      first: 'quorum_lost',
      exit: 1,
      never: FROM_EMPTY_STATE,
    });
    advisesNoHarm(running);
    advisesNoHarm(restarted);
  });
});
