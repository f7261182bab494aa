import { check } from '../../src/engine/check.ts';
import { type Finding, judged } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { DEFAULT_SOURCE, type Environment, environment } from '../../src/probes/jacqos/environment.ts';
import { findNamedIds } from '../../src/probes/jacqos/named-ids.ts';
import { reportedOutput } from '../../src/probes/jacqos/reported-output.ts';

const NAMED_IDS = [
  'cloud_configuration_missing',
  'management_url_missing',
  'local_auth_fixture_enabled',
  'agentmail_api_key_missing',
] as const;

type SourceKey = 'environment' | 'readiness' | 'status';
type FoundId = 'management_url_malformed' | 'management_url_conflict' | (typeof NAMED_IDS)[number];

export default check({
  name: 'configuration',
  group: 'local',
  where: 'anywhere',
  title: 'the management address is usable, and sign-in uses a real account',
  reads: {
    environment,
    reported: attempt(reportedOutput),
    readiness: attempt(cloudReadiness),
    status: attempt(cloudStatus),
  },
  finds: ['management_url_malformed', ...NAMED_IDS, 'management_url_conflict'],
  judge({ environment, reported, readiness, status }) {
    const named = findNamedIds(NAMED_IDS, { reported, readiness, status });
    const { management, malformed, runtime } = environment;
    const findings: Finding<FoundId, SourceKey>[] = [
      ...malformed.map(({ source, shown }): Finding<FoundId, SourceKey> => {
        const evidence = [`${source} holds ${shown}`];
        const values = { source, value: shown };
        return { id: 'management_url_malformed', subject: source, evidence, values, explains: ['environment'] };
      }),
      ...(environment.empty.length > 0 && management.some(({ source }) => source === DEFAULT_SOURCE)
        ? environment.empty.map(emptyVariable)
        : []),
      ...named.findings.map((finding) => ({
        ...finding,
        evidence: [...finding.evidence, ...localEvidence(finding.id, environment)],
      })),
      ...conflictFindings(environment),
    ];
    const evidence = [
      ...management.map(({ source, url }) => `management: ${url} (${source})`),
      `runtime: ${runtime.url} (${runtime.source})`,
    ];
    const plaintext = [...management, runtime].filter(({ url }) => url.startsWith('http:'));
    const notes = plaintext.map(({ url, source }) => `${url} (${source}) uses no encryption`);
    return judged(findings, { evidence, notes: [...named.notes, ...notes] });
  },
});

/** A warning, because an empty variable may count as unset, and then nothing is wrong. */
function emptyVariable(source: string): Finding<FoundId, SourceKey> {
  const evidence = [`${source} is set but empty; whether that counts as not set is not documented`];
  return {
    id: 'management_url_malformed',
    subject: source,
    severity: 'warn',
    evidence,
    values: { source, value: 'nothing' },
  };
}

/** Whether a setting that is reported as missing is set here. The environment of the failed command is not known. */
function localEvidence(id: FoundId, { management, malformed, agentmailKey }: Environment): readonly string[] {
  if (id === 'agentmail_api_key_missing')
    return [`JACQOS_AUTH_TESTING_EMAIL_API_KEY is ${agentmailKey ? 'set' : 'not set'} here`];
  if (id === 'local_auth_fixture_enabled') return [];
  const set = [...management, ...malformed]
    .map(({ source }) => source)
    .filter((source) => source.startsWith('JACQOS_'));
  return [set.length > 0 ? `${set.join(' and ')} is set here` : 'neither variable is set here'];
}

function conflictFindings({ management }: Environment): Finding<FoundId, never>[] {
  const [first, second] = management;
  if (first === undefined || second === undefined) return [];
  const values = { first: first.url, second: second.url };
  const evidence = management.map(({ source, url }) => `${source} is ${url}`);
  return [{ id: 'management_url_conflict', subject: null, evidence, values }];
}
