import type { MadeUp } from './made-up.ts';

/**
 * MADE UP, all of it: users may choose an id as a name, and a document may name ids that do not apply. Each text is
 * read as the output of a failed command and of one that succeeded.
 */
export const names: readonly Omit<MadeUp, 'failed'>[] = [
  mention('a label of a team', { labels: { team: 'degraded_deployment' } }),
  mention('labels as a list of pairs', { labels: [{ key: 'team', value: 'degraded_deployment' }] }),
  mention('annotations below metadata', { metadata: { annotations: { owner: 'degraded_deployment' } } }),
  mention('tags as objects', { tags: [{ name: 'team', value: 'degraded_deployment' }] }),
  mention('the name of an app that failed', { app_name: 'degraded_deployment', status: 'failed' }),
  mention('the id of a failed app in a list', { apps: [{ id: 'degraded_deployment', status: 'failed' }] }),
  mention('environments by name', { environments: { degraded_deployment: { lifecycle: 'active' } } }),
  mention('a list of environments', { environments: ['degraded_deployment'] }),
  mention('a failed fixture by its stem', { fixtures: [{ stem: 'degraded_deployment', status: 'failed' }] }),
  mention('a failed fixture by its path', { failed: ['fixtures/degraded_deployment.jsonl'] }),
  mention('fixtures by name with their results', { fixtures: { degraded_deployment: 'failed', late: 'passed' } }),
  mention('the folder of an app', { app_dir: 'degraded_deployment' }),
  mention('the description of an app', { app: { id: 'shop', description: 'degraded_deployment' } }),
  mention('a list of what passed', { passed: ['degraded_deployment'] }),
  mention('a rule that is switched off', { rules: [{ id: 'degraded_deployment', enabled: false }] }),
  mention('a flag that is switched off in words', { degraded_deployment: 'disabled' }),
  mention('what an alert would tell', { notify_on: ['degraded_deployment'] }),
  beside('an environment, a branch and an app in an error', 'missing_package_blob', {
    error: { id: 'missing_package_blob', environment: 'degraded_deployment', branch: 'degraded_deployment' },
  }),
  beside('the fixture of a failure', 'missing_package_blob', {
    failures: [{ id: 'missing_package_blob', fixture: 'degraded_deployment' }],
  }),
  beside('what an id may cause as well', 'revoked_runtime_token', {
    id: 'revoked_runtime_token',
    may_also_cause: ['degraded_deployment'],
  }),
  beside('what an id can lead to', 'revoked_runtime_token', {
    error: { id: 'revoked_runtime_token', leads_to: [{ id: 'degraded_deployment' }] },
  }),
  beside('what was ruled out', 'revoked_runtime_token', {
    error: 'revoked_runtime_token',
    ruled_out: ['degraded_deployment'],
  }),
  {
    what: 'labels in one line of text',
    text: 'labels: team=degraded_deployment, tier=web\nError: missing_package_blob: none\n',
    present: ['missing_package_blob'],
    mentioned: ['degraded_deployment'],
  },
  {
    what: 'a team before a code in logfmt',
    text: 'team=degraded_deployment level=error code=missing_package_blob\n',
    present: ['missing_package_blob'],
    mentioned: ['degraded_deployment'],
  },
  {
    what: 'the fixture that a verification names',
    text: 'Replaying fixtures...\n  degraded_deployment FAIL\n  Unexpected fact: x\n\nError: unverified_package_publish\n',
    present: ['unverified_package_publish'],
    mentioned: ['degraded_deployment'],
  },
  {
    what: 'what an id may cause as well, in text',
    text: 'Error: revoked_runtime_token\n  may also cause: degraded_deployment\n',
    present: ['revoked_runtime_token'],
    mentioned: ['degraded_deployment'],
  },
  ...[
    { enabled: false },
    { enabled: 'no' },
    { enabled: 0 },
    { disabled: true },
    { active: false },
    { mode: 'off' },
  ].map((off) => ({
    what: `the local fixture with ${JSON.stringify(off)}`,
    text: JSON.stringify({ local_fixture: { user: 'local-studio-user', ...off } }),
    present: [],
  })),
  {
    what: 'the local fixture as the default user',
    text: JSON.stringify({ signed_in: true, user: 'ada', defaults: { user: 'local-studio-user' } }),
    present: [],
  },
  {
    what: 'the local fixture that is switched on',
    text: JSON.stringify({ local_fixture: { enabled: true, user: 'local-studio-user' } }),
    present: ['local_auth_fixture_enabled'],
  },
  {
    what: 'a degradation that is resolved',
    text: JSON.stringify({ incidents: [{ degraded: true, resolved: true }] }),
    present: [],
  },
  {
    what: 'a degraded deployment below the name of an environment',
    text: JSON.stringify({ environments: { prod: { degraded_deployment: true } } }),
    present: ['degraded_deployment'],
  },
  {
    what: 'a failed check by its name, with an app',
    text: JSON.stringify({ checks: [{ name: 'degraded_deployment', app: 'shop', status: 'failed' }] }),
    present: ['degraded_deployment'],
  },
];

function mention(what: string, value: unknown): Omit<MadeUp, 'failed'> {
  return { what, text: JSON.stringify(value, null, 2), present: [], mentioned: ['degraded_deployment'] };
}

function beside(what: string, id: string, value: unknown): Omit<MadeUp, 'failed'> {
  return { what, text: JSON.stringify(value, null, 2), present: [id], mentioned: ['degraded_deployment'] };
}
