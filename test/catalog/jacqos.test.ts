import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import type { Step } from '../../src/catalog/entry-schema.ts';
import { jacqosDocumented, jacqosIds, severityOf } from '../../src/catalog/generated/ids.ts';
import { answered } from './answered.ts';
import { listed } from './pages.ts';

const catalog = await loadCatalog('jacqos');
const { entries, topics } = catalog;
const steps = entries.flatMap((entry) => entry.fix.map((step) => ({ entry, step })));
const textOf = ({ why, run, do: prose, note }: Step) =>
  [why, prose ?? '', note ?? '', (run ?? []).join(' ')].join('\n');
const adviceOf = (id: string) =>
  steps
    .filter(({ entry }) => entry.id === id)
    .map(({ step }) => textOf(step))
    .join('\n');

describe('the pages', () => {
  test('all 53 documented ids are there, and three of the doctor’s own', () => {
    expect(listed('jacqos-ids.txt')).toHaveLength(53);
    expect([...jacqosDocumented].sort()).toEqual([...listed('jacqos-ids.txt')].sort());
    const own = entries.filter(({ origin }) => origin !== 'jacqos-docs').map(({ id }) => id);
    expect(own).toEqual(['management_url_malformed', 'management_url_conflict', 'jacqos_cli_missing']);
  });

  test('the six symptoms are there, each leading to ids', () => {
    expect(topics.map(({ name }) => name)).toEqual(listed('jacqos-symptoms.txt'));
    for (const { ids } of topics) expect(ids.length).toBeGreaterThan(0);
  });

  test('every id has a scope of the first triage rule, and a page', () => {
    const scopes = ['account', 'deployment', 'activation', 'token', 'runtime', 'append', 'replay'];
    for (const { id, scope, docs } of entries) {
      expect([id, scopes.includes(scope ?? '')]).toEqual([id, true]);
      expect(docs).toMatch(/^https:\/\/(www\.)?jacqos\.io\/docs\/cloud\//);
    }
  });
});

describe('the scope of each id', () => {
  test.each([
    [
      'token',
      'runtime_token_issue_quota_exceeded runtime_token_ttl_exceeds_limit runtime_token_scope_limit_exceeded missing_runtime_token invalid_runtime_token revoked_runtime_token wrong_runtime_scope',
    ],
    ['append', 'hosted_projection_stale append_policy_denied runtime_observation_quota_exceeded idempotency_conflict'],
    ['replay', 'runtime_export_quota_exceeded empty_lineage_not_found export_digest_drift replay_export_mismatch'],
    ['runtime', 'runtime_cell_unavailable hosted_effect_failure manual_reconcile_required'],
    ['activation', 'no_active_evaluator stale_activation_package_identity'],
  ])('%s', (scope, ids) => {
    expect(
      entries
        .filter((entry) => entry.scope === scope)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids.split(' ').sort());
  });
});

describe('whether a retry can help', () => {
  test.each([
    [
      'wait',
      'management_plane_unavailable management_writes_disabled runtime_cell_unavailable cloud_signups_disabled deployment_quota_exceeded runtime_token_issue_quota_exceeded',
    ],
    [
      'no',
      'secret_material_persisted hosted_effect_failure manual_reconcile_required export_digest_drift replay_export_mismatch idempotency_conflict',
    ],
    [
      'redo',
      'verification_code_expired verification_code_rejected cloud_device_auth_denied cloud_device_auth_expired auth_state_not_authenticated missing_package_blob unverified_package_publish package_digest_mismatch no_active_evaluator',
    ],
  ])('%s', (kind, ids) => {
    expect(
      entries
        .filter(({ retry }) => retry.kind === kind)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids.split(' ').sort());
  });

  test('nothing is documented as passing by itself', () => {
    expect(entries.filter(({ retry }) => retry.kind === 'transient')).toEqual([]);
  });
});

describe('the narrowest next step', () => {
  test('nothing of token, runtime, append or replay is cured by publishing again', () => {
    for (const { entry, step } of steps)
      if (['token', 'runtime', 'append', 'replay'].includes(entry.scope ?? ''))
        expect(textOf(step), entry.id).not.toMatch(/\bdeploy\b|\bpublish\b|jacqos verify/i);
  });

  test.each([
    ['cloud_device_auth_denied', 'jacqos cloud login --wait'],
    ['cloud_device_auth_expired', 'jacqos cloud login --wait'],
    ['missing_package_blob', 'jacqos cloud deploy --json'],
    ['unverified_package_publish', 'jacqos verify'],
    ['no_active_evaluator', 'jacqos cloud promote --json'],
    ['read_only_deployment', 'jacqos cloud status --json'],
    ['management_plane_unavailable', 'jacqos cloud readiness --json'],
  ])('of %s is %s', (id, command) => {
    expect(adviceOf(id)).toContain(command);
  });

  test('only documented commands and flags are printed, and no sudo', () => {
    const commands: Readonly<Record<string, readonly string[]>> = {
      'jacqos cloud login': ['--wait'],
      'jacqos cloud readiness': ['--json'],
      'jacqos cloud deploy': ['--json'],
      'jacqos cloud promote': ['--json'],
      'jacqos cloud status': ['--json'],
      // With words in capitals that the reader replaces.
      'jacqos cloud select': ['--project', '--app', '--environment', '--json'],
      'jacqos verify': [],
    };
    for (const { entry, step } of steps) {
      if (step.run === null || step.run[0] !== 'jacqos') {
        if (step.run !== null) expect(['ls', 'chmod', 'jacqos-doctor'], entry.id).toContain(step.run[0]);
        continue;
      }
      const name = step.run.filter((word) => /^[a-z]/.test(word)).join(' ');
      expect(Object.keys(commands), entry.id).toContain(name);
      for (const flag of step.run.filter((word) => word.startsWith('--')))
        expect(commands[name], entry.id).toContain(flag);
      expect(step.effect === 'read', entry.id).toBe(/readiness|status/.test(name));
    }
  });
});

describe('undocumented facts are not claimed', () => {
  test('no number, limit or period is quoted', () => {
    for (const { entry, step } of steps)
      expect(textOf(step).replaceAll('0600', ''), entry.id).not.toMatch(
        /\b\d+ ?(?:MB|KB|tokens|deployments|days|hours|minutes)\b/i,
      );
  });

  test('the fixture identity and the keys of others are never part of a fix', () => {
    for (const { entry, step } of steps) {
      expect(textOf(step), entry.id).not.toMatch(
        /use the (?:local-studio-user|fixture)|Railway|Hetzner|provider API key/i,
      );
      if (/invite-code/.test(textOf(step))) expect(textOf(step)).toContain('"$JACQOS_CLOUD_INVITE_CODE"');
    }
  });

  test('what continues during a fault is described if it is documented', () => {
    for (const id of ['management_plane_unavailable', 'management_writes_disabled'] as const)
      expect(catalog.entry(id).impact, id).toMatch(/keep serving/);
    expect(catalog.entry('read_only_deployment').impact).toMatch(/exports work/);
  });
});

test('an id follows only from ids before it', () => {
  const place = new Map<string, number>(jacqosIds.map((id, index) => [id, index]));
  for (const { id, symptomOf } of entries)
    for (const root of symptomOf) expect(place.get(root), `${id} from ${root}`).toBeLessThan(place.get(id) ?? -1);
});

test('severities: billing and two addresses are warnings, everything else fails', () => {
  expect(
    entries
      .filter(({ id }) => severityOf[id as keyof typeof severityOf] === 'warn')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(['billing_handoff_not_configured', 'management_url_conflict']);
});

describe('explain', () => {
  const named = async (query: string) => (await answered(catalog, query)).names;

  test('finds every id and every symptom by its name', async () => {
    for (const { id } of entries) expect(await named(id.replaceAll('_', ' '))).toEqual([id]);
    for (const { name } of topics) expect(await named(name.toLowerCase())).toEqual([name]);
  });

  test.each([
    ['cloud buttons disabled in studio', 'Studio Cloud buttons are disabled'],
    ['append rejected', 'append_policy_denied'],
    ['activity stale', 'Chat or Activity looks stale'],
    ['email never arrives', 'verification_email_not_received'],
  ])('finds "%s" by its words', async (query, name) => {
    expect(await named(query)).toContain(name);
  });

  test('knows nothing of the other product, and takes no near id for one', async () => {
    expect(await named('quorum_lost')).toEqual([]);
    const { sure, names } = await answered(catalog, 'missing_runtime_tokn');
    expect([sure, names[0]]).toEqual([false, 'missing_runtime_token']);
  });
});
