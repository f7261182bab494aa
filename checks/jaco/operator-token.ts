import { check } from '../../src/engine/check.ts';
import { type Finding, judged, pass, unknownBecause } from '../../src/engine/finding.ts';
import { formatTime } from '../../src/engine/format.ts';
import { attempt } from '../../src/engine/probe.ts';
import { type TokenAnswer, tokenAnswer } from '../../src/probes/jaco/access/token-answer.ts';
import { describeTokenFormat } from '../../src/probes/jaco/access/token-format.ts';
import { type TokenList, tokenList } from '../../src/probes/jaco/access/token-list.ts';
import { knownLeader } from '../../src/probes/jaco/raft/known-leader.ts';

type CheckFinding = Finding<'token_missing' | 'token_invalid' | 'token_revoked' | 'operator_locked_out', 'trial'>;

export default check({
  name: 'operator-token',
  group: 'access',
  where: 'anywhere',
  title: 'a valid operator token is available',
  // Without a leader, a node may have lost every token that it knew (docs/jaco-daemon/raft.md#no-quorum), so no token
  // is judged.
  requires: { leader: knownLeader },
  reads: { trial: attempt(tokenAnswer), list: attempt(tokenList) },
  finds: ['token_missing', 'token_invalid', 'token_revoked', 'operator_locked_out'],
  applies: ({ trial, list }) => trial.kind !== 'not-applicable' || list.kind !== 'not-applicable' || list.reason,
  judge({ trial, list }) {
    const trialFinding = trial.kind === 'value' ? triedFinding(trial.value) : null;
    const lockedOut = list.kind === 'value' ? lockOut(list.value) : null;
    const findings: CheckFinding[] = [
      ...(trialFinding === null ? [] : [trialFinding]),
      ...(lockedOut === null ? [] : [lockedOut]),
    ];
    if (findings.length > 0) return judged(findings);
    if (trial.kind === 'failed') return unknownBecause(trial);
    if (list.kind !== 'value') return unknownBecause(list);
    const tells =
      trial.kind === 'value' && trial.value.kind === 'accepted'
        ? [`${trial.value.address} accepts the token given`]
        : trial.kind === 'not-applicable'
          ? [trial.reason]
          : [];
    return pass([...tells, counted(list.value)]);
  },
});

function triedFinding(trial: TokenAnswer): CheckFinding | null {
  const shared = { subject: null, explains: ['trial'] } as const;
  switch (trial.kind) {
    case 'accepted':
      return null;
    case 'missing':
      return trial.how === 'empty'
        ? { ...shared, id: 'token_missing', cause: 'empty', evidence: ['--token or JACO_TOKEN is set but empty'] }
        : { ...shared, id: 'token_missing', cause: 'absent', evidence: ['neither --token nor JACO_TOKEN is set'] };
    case 'unsendable': {
      const evidence = [`it was not sent: ${describeTokenFormat(trial.shape)}`];
      return { ...shared, id: 'token_invalid', cause: trial.shape.kind, evidence };
    }
    case 'refused': {
      const reply = `the daemon answers: ${trial.said}`;
      return trial.code === 'token_revoked'
        ? { ...shared, id: 'token_revoked', evidence: [reply] }
        : {
            ...shared,
            id: 'token_invalid',
            cause: trial.shape.kind,
            evidence: [reply, describeTokenFormat(trial.shape)],
          };
    }
  }
}

function lockOut({ tokens, omitted }: TokenList): CheckFinding | null {
  if (omitted > 0 || tokens.some(({ revoked }) => !revoked)) return null;
  const last = tokens.toSorted((a, b) => (b.revokedAtMs ?? 0) - (a.revokedAtMs ?? 0))[0];
  const evidence =
    last === undefined
      ? ['the cluster has no operator token']
      : tokens.length === 1
        ? [`the only token, of ${last.identity}, was revoked at ${formatTime(last.revokedAtMs)}`]
        : [
            `all ${tokens.length} tokens are revoked; the last was ${last.identity}, at ${formatTime(last.revokedAtMs)}`,
          ];
  return { id: 'operator_locked_out', subject: null, evidence };
}

function counted({ tokens, omitted }: TokenList): string {
  const valid = tokens.filter(({ revoked }) => !revoked).map(({ identity }) => identity);
  const names = valid.slice(0, 5).join(', ') + (valid.length > 5 ? ` and ${valid.length - 5} more` : '');
  return `${valid.length} of ${tokens.length + omitted} operator tokens are not revoked: ${names}`;
}
