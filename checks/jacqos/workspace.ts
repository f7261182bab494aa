import { check } from '../../src/engine/check.ts';
import { judged, pass, unknown } from '../../src/engine/finding.ts';
import type { Outcome } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { appDir } from '../../src/probes/jacqos/app-dir.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { findNamedIds, isReported } from '../../src/probes/jacqos/named-ids.ts';
import { reportedOutput } from '../../src/probes/jacqos/reported-output.ts';
import type { CommandAnswer } from '../../src/probes/jacqos/run-jacqos.ts';
import { type SessionFolder, sessionFolder } from '../../src/probes/jacqos/session-folder.ts';

const FINDS = ['session_persistence_failed'] as const;
/** Ids of an incomplete sign-in, which an unwritable folder can cause. */
const SIGN_IN = ['session_persistence_failed', 'auth_state_not_authenticated', 'unauthenticated_management_request'];

export default check({
  name: 'workspace',
  group: 'local',
  where: 'anywhere',
  title: 'a session can be stored in .jacqos/cloud',
  reads: {
    app: attempt(appDir),
    folder: attempt(sessionFolder),
    reported: attempt(reportedOutput),
    readiness: attempt(cloudReadiness),
    status: attempt(cloudStatus),
  },
  finds: FINDS,
  applies: ({ app, folder, reported }) =>
    !isNoWorkspace(app, folder) || isReported(reported, FINDS) || 'this folder is not a JacqOS workspace',
  judge({ folder, reported, readiness, status }) {
    const named = findNamedIds(FINDS, { reported, readiness, status });
    const reportedFindings = named.findings.map((finding) => ({ ...finding, cause: 'reported' as const }));
    if (folder.kind !== 'value') {
      if (reportedFindings.length > 0 || folder.kind === 'not-applicable')
        return judged(reportedFindings, { notes: named.notes });
      return unknown(`.jacqos/cloud could not be read: ${folder.failure.detail}`, folder.failure);
    }
    const summary = describeFolder(folder.value);
    if (folder.value.writable) return judged(reportedFindings, { notes: named.notes, evidence: [summary] });
    const isSignedOut = folder.value.files === 0 || reportsSignedOut(readiness, status);
    if (reportedFindings.length === 0 && !isSignedOut)
      return pass([summary], {
        notes: [...named.notes, `${summary}: the existing session still works; a new one could not be stored`],
      });
    const values = { folder: folder.value.writesTo };
    const evidence = [
      ...(reportedFindings[0]?.evidence ?? []),
      summary,
      ...(isSignedOut ? ['no session is stored there'] : []),
    ];
    const finding = { id: FINDS[0], subject: null, cause: 'folder', values, evidence } as const;
    // Only a failed sign-in makes it a failure: a read-only checkout is common.
    return judged(
      [
        isReported(reported, SIGN_IN) || reportedFindings.length > 0
          ? finding
          : { ...finding, severity: 'warn' as const },
      ],
      {
        notes: named.notes,
      },
    );
  },
});

function describeFolder({ path, kind, writable, writesTo }: SessionFolder): string {
  if (kind === 'not-a-folder') return `${path} is not a folder`;
  return `${writesTo} ${writable ? 'can' : 'cannot'} be written to by this user`;
}

function isNoWorkspace(
  app: Outcome<{ readonly toml: 'there' | 'absent' | 'unreadable' }>,
  folder: Outcome<SessionFolder>,
): boolean {
  return (
    app.kind === 'value' && app.value.toml === 'absent' && folder.kind === 'value' && folder.value.kind === 'absent'
  );
}

function reportsSignedOut(...answers: readonly Outcome<CommandAnswer>[]): boolean {
  return answers.some(
    (answer) =>
      answer.kind === 'value' &&
      (answer.value.reading.present.some((id) => SIGN_IN.includes(id)) ||
        answer.value.reading.words.some(({ key, word }) => /signed_?in$/i.test(key) && word === 'false')),
  );
}
