import type { Report, ReportCheck, ReportFinding } from '../../src/report/report.ts';

const finding: ReportFinding = {
  id: 'quorum_lost',
  severity: 'fail',
  subject: null,
  title: 'too few voters answer to elect a leader',
  meaning:
    'Of the voters that raft needs for a decision, fewer than half answer. Nothing can be decided until one comes back.',
  impact: 'Running containers continue. Nothing can be applied, and a node that restarts now shows an empty state.',
  docsNote: 'the page says that the daemon answers quorum_lost; it never does, a cut-off node answers no_leader.',
  evidence: ['1 of 3 voters answers (jaco-3); 2 are needed', 'jaco-1 10.77.0.1:7000: connection refused'],
  likelyFollowsFrom: null,
  fix: [
    {
      why: 'start the daemon again with its data',
      run: ['systemctl', 'start', 'jaco'],
      do: null,
      effect: 'restart',
      on: 'jaco-1, jaco-2',
      needs: 'root',
      note: 'Do not remove a dead member: with three members that takes quorum away for good.',
    },
    {
      why: 'if its data is gone',
      run: null,
      do: 'follow the total-loss procedure.',
      effect: 'read',
      on: 'this host',
      needs: 'none',
      note: null,
    },
  ],
  verify: ['jaco-doctor', '--only', 'raft-quorum', '--config', "/tmp/o'brien/jacod.yaml"],
  retry: { kind: 'after-fix' },
  docs: 'https://github.com/PatrickRuddiman/JACO/blob/v0.3.9/docs/operations/recovery.md#quorum-loss-after-multiple-node-failures',
  origin: 'jaco-docs',
  waiver: null,
};

function check(
  name: string,
  group: string,
  status: ReportCheck['status'],
  more: Partial<ReportCheck> = {},
): ReportCheck {
  const empty = { reason: null, next: null, blockedBy: null, notes: [], evidence: [], notJudged: [], findings: [] };
  return { name, group, title: `${name} holds`, status, ms: 12, ...empty, ...more };
}

const common = {
  schema: 'doctor-report/1',
  product: 'jaco',
  tool: { name: 'jaco-doctor', version: '1.2.3' },
  startedAt: '2026-11-21T03:12:44.000Z',
  durationMs: 412,
} as const;

/** A node that lost quorum: a headline, a consequence, a warning, an unknown row, and a blocked one. */
export const sick: Report = {
  ...common,
  target: {
    host: 'jaco-3',
    mode: 'node',
    via: null,
    version: 'v0.3.9',
    leader: null,
    leaderless: 'this node knows no leader',
  },
  verdict: 'fail',
  first: 'quorum_lost',
  exit: { code: 1, meaning: 'a check failed' },
  coverage: { checks: 7, evaluated: 4, unknown: 1, blocked: 1, notApplicable: 1, skipped: 0 },
  ruledOut: ['daemon-config holds'],
  checks: [
    check('daemon-config', 'daemon', 'pass', { evidence: ['/etc/jaco/jacod.yaml is accepted'] }),
    check('daemon-version', 'daemon', 'unknown', {
      reason: 'only root and the groups systemd-journal and adm can read the journal',
      next: { do: 'Run again as root:', run: ['sudo', 'jaco-doctor'] },
    }),
    check('raft-quorum', 'raft', 'fail', { findings: [finding] }),
    check('raft-leader', 'raft', 'fail', {
      findings: [{ ...finding, id: 'no_leader', title: 'no leader is known', likelyFollowsFrom: 'quorum_lost' }],
    }),
    check('node-liveness', 'raft', 'warn', {
      findings: [
        {
          ...finding,
          id: 'clock_skew',
          severity: 'warn',
          subject: 'jaco-2',
          title: 'clocks differ',
          evidence: ['jaco-2 is 4 min ahead'],
        },
      ],
      notJudged: [
        {
          subject: 'jaco-1',
          reason: 'its last heartbeat cannot be trusted without a leader',
          next: { do: 'Run the doctor on jaco-1 as root:', run: ['sudo', 'jaco-doctor'] },
          blockedBy: null,
        },
      ],
    }),
    check('raft-voters', 'raft', 'blocked', { reason: 'no leader', blockedBy: 'quorum_lost' }),
    check('reported', 'reported', 'not-applicable', { reason: 'no --from was given' }),
  ],
};

/** A healthy follower with a note that explains a normal oddity. */
export const healthy: Report = {
  ...common,
  target: {
    host: 'jaco-2',
    mode: 'node',
    via: null,
    version: 'v0.3.9',
    leader: 'jaco-1 (10.77.0.1:7001)',
    leaderless: null,
  },
  verdict: 'pass',
  first: null,
  exit: { code: 0, meaning: 'nothing failed and every applicable check was evaluated' },
  coverage: { checks: 4, evaluated: 4, unknown: 0, blocked: 0, notApplicable: 0, skipped: 0 },
  ruledOut: ['daemon-config holds', 'daemon-socket holds', 'raft-leader holds', 'raft-voters holds'],
  checks: [
    check('daemon-config', 'daemon', 'pass'),
    check('daemon-socket', 'daemon', 'pass'),
    check('raft-leader', 'raft', 'pass'),
    check('raft-voters', 'raft', 'pass', {
      notes: [
        'jaco-4 is NONVOTER: with 4 members 3 vote. It would stop being normal if a voter were removed and 10 s went by.',
      ],
    }),
  ],
};
