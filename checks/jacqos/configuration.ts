import { check } from '../../src/engine/check.ts';
import { type Finding, judged } from '../../src/engine/finding.ts';
import { attempt } from '../../src/engine/probe.ts';
import { cloudReadiness } from '../../src/probes/jacqos/cloud-readiness.ts';
import { cloudStatus } from '../../src/probes/jacqos/cloud-status.ts';
import { DEFAULT, type Environment, environment } from '../../src/probes/jacqos/environment.ts';
import { namedIn } from '../../src/probes/jacqos/named.ts';
import { reported } from '../../src/probes/jacqos/reported.ts';

const NAMED = [
  'cloud_configuration_missing',
  'management_url_missing',
  'local_auth_fixture_enabled',
  'agentmail_api_key_missing',
] as const;

type Key = 'environment' | 'readiness' | 'status';
type Own = 'management_url_malformed' | 'management_url_conflict' | (typeof NAMED)[number];

export default check({
  name: 'configuration',
  group: 'local',
  where: 'anywhere',
  title: 'the management address can be used, and sign-in is set up for a real account',
  reads: {
    environment,
    reported: attempt(reported),
    readiness: attempt(cloudReadiness),
    status: attempt(cloudStatus),
  },
  finds: ['management_url_malformed', ...NAMED, 'management_url_conflict'],
  judge({ environment, reported, readiness, status }) {
    const named = namedIn(NAMED, { reported, readiness, status });
    const { management, malformed, runtime } = environment;
    const findings: Finding<Own, Key>[] = [
      ...malformed.map(({ source, shown }): Finding<Own, Key> => {
        const evidence = [`${source} holds ${shown}`];
        const values = { source, value: shown };
        return { id: 'management_url_malformed', subject: source, evidence, values, explains: ['environment'] };
      }),
      ...(environment.empty.length > 0 && management.some(({ source }) => source === DEFAULT)
        ? environment.empty.map(unset)
        : []),
      ...named.findings.map((one) => ({ ...one, evidence: [...one.evidence, ...seenOf(one.id, environment)] })),
      ...conflictOf(environment),
    ];
    const evidence = [
      ...management.map(({ source, url }) => `management: ${url} (${source})`),
      `runtime: ${runtime.url} (${runtime.source})`,
    ];
    const clear = [...management, runtime].filter(({ url }) => url.startsWith('http:'));
    const notes = clear.map(({ url, source }) => `${url} (${source}) is asked in clear`);
    return judged(findings, { evidence, notes: [...named.notes, ...notes] });
  },
});

/** An empty variable may count as one that is not set, and then nothing is wrong. */
function unset(source: string): Finding<Own, Key> {
  const evidence = [`${source} is set and empty; whether that counts as not set is not documented`];
  return {
    id: 'management_url_malformed',
    subject: source,
    severity: 'warn',
    evidence,
    values: { source, value: 'nothing' },
  };
}

/** Whether what is said to be missing is set here. That the failed command's own process had it too cannot be seen. */
function seenOf(id: Own, { management, malformed, agentmailKey }: Environment): readonly string[] {
  if (id === 'agentmail_api_key_missing')
    return [`JACQOS_AUTH_TESTING_EMAIL_API_KEY is ${agentmailKey ? 'set' : 'not set'} here`];
  if (id === 'local_auth_fixture_enabled') return [];
  const set = [...management, ...malformed]
    .map(({ source }) => source)
    .filter((source) => source.startsWith('JACQOS_'));
  return [set.length > 0 ? `${set.join(' and ')} is set here` : 'neither variable is set here'];
}

function conflictOf({ management }: Environment): Finding<Own, never>[] {
  const [first, second] = management;
  if (first === undefined || second === undefined) return [];
  const values = { first: first.url, second: second.url };
  const evidence = management.map(({ source, url }) => `${source} is ${url}`);
  return [{ id: 'management_url_conflict', subject: null, evidence, values }];
}
