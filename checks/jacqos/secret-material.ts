import { check } from '../../src/engine/check.ts';
import { judged, type NotJudged, unknown } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { findNamedIds } from '../../src/probes/jacqos/named-ids.ts';
import { reportedOutput } from '../../src/probes/jacqos/reported-output.ts';
import { sessionFolder } from '../../src/probes/jacqos/session-folder.ts';

const FINDS = ['secret_material_persisted'] as const;

/** The first check, because a persisted secret is more urgent than any other fault (docs/jacqos.md#ids). */
export default check({
  name: 'secret-material',
  group: 'local',
  where: 'anywhere',
  title: 'no secret is readable in .jacqos/cloud, and no receipt reports a stored secret',
  reads: {
    folder: attempt(sessionFolder),
    reported: attempt(reportedOutput),
    readiness: attempt(cloudReadiness),
    status: attempt(cloudStatus),
  },
  finds: FINDS,
  judge({ folder, reported, readiness, status }) {
    const named = findNamedIds(FINDS, { reported, readiness, status });
    const reportedFindings = named.findings.map((finding) => ({ ...finding, cause: 'reported' as const }));
    if (folder.kind !== 'value') {
      if (reportedFindings.length > 0) return judged(reportedFindings, { notes: named.notes });
      if (folder.kind === 'not-applicable') return judged([], { notes: named.notes, evidence: [folder.reason] });
      return unknown(`.jacqos/cloud could not be read: ${folder.failure.detail}`, folder.failure);
    }
    const { path, kind, files, secrets, unread } = folder.value;
    const fileFindings = secrets.map(({ file, kind: description }) => {
      const evidence = [`${file} contains what looks like ${description}; it is not shown`];
      return { id: FINDS[0], subject: null, cause: 'in-workspace' as const, values: { file }, evidence };
    });
    const findings = [...fileFindings, ...reportedFindings];
    const notJudged: readonly NotJudged[] =
      unread === 0
        ? []
        : [
            {
              subject: path,
              reason:
                files === 0
                  ? 'it could not be read by this user'
                  : `${unread} of its files could not be read by this user, or were too many`,
              next: { kind: 'as-owner', path },
            },
          ];
    const summary =
      kind === 'folder'
        ? `${count(files - unread)} of ${path} ${files - unread === 1 ? 'holds' : 'hold'} no secret`
        : `folder ${path} does not exist`;
    return judged(findings, { notes: named.notes, notJudged, evidence: [summary] });
  },
});

function count(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}
