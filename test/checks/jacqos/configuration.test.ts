import { describe, expect, test } from 'vitest';
import configuration from '../../../checks/jacqos/configuration.ts';
import { brief, idsAndTextsArePinned, unquoted } from '../scene.ts';
import { judgeScene, printed, type Scene } from './scene.ts';

const row = (name: string, scene: Scene) => judgeScene(scene)[name];

describe('configuration', () => {
  const judged = (scene: Scene) => row('configuration', scene);

  test('no variable is the default of production and not a failure', () => {
    const management = [{ source: 'the default', url: 'https://cloud.jacqos.io' }];
    expect(brief(judged({ environment: { management } }))).toBe('pass');
  });

  test('a value that is not an address is a configuration fault, and the plane is not reported', () => {
    const rows = judgeScene({
      environment: { management: [], malformed: [{ source: 'JACQOS_MANAGEMENT_URL', shown: '"cloud.jacqos.io"' }] },
      management: {
        kind: 'failed',
        failure: { why: 'withheld', phase: 'address', detail: 'no usable address', root: 'jacqos.environment' },
      },
    });
    expect(brief(rows['configuration'])).toBe('fail management_url_malformed JACQOS_MANAGEMENT_URL');
    expect(rows['configuration']?.findings[0]?.values).toEqual({
      source: 'JACQOS_MANAGEMENT_URL',
      value: '"cloud.jacqos.io"',
    });
    expect(brief(rows['management-plane'])).toBe('blocked by management_url_malformed');
  });

  test('an empty variable is a warning, and none if another address is named', () => {
    const environment = { empty: ['JACQOS_MANAGEMENT_URL'] };
    const management = [{ source: 'the default', url: 'https://cloud.jacqos.io' }];
    const warned = judged({ environment: { ...environment, management } });
    expect(brief(warned)).toBe('warn warn management_url_malformed JACQOS_MANAGEMENT_URL');
    expect(brief(judged({ environment }))).toBe('pass');
  });

  test('two different addresses are both named, and none is preferred', () => {
    const management = [
      { source: 'JACQOS_MANAGEMENT_URL', url: 'https://a.test' },
      { source: 'JACQOS_LIVE_MANAGEMENT_URL', url: 'https://b.test' },
    ];
    const found = judged({ environment: { management } });
    expect(brief(found)).toBe('warn management_url_conflict');
    expect(found?.findings[0]?.values).toEqual({ first: 'https://a.test', second: 'https://b.test' });
  });

  test('a setting that a failed run reports as missing is shown with its state here', () => {
    const missing = judged({ from: 'error[agentmail_api_key_missing]: no key\n' });
    expect(brief(missing)).toBe('fail agentmail_api_key_missing');
    expect(unquoted(missing, 'JACQOS_AUTH_TESTING_EMAIL_API_KEY')).toEqual([]);
    expect(brief(judged({ from: 'management_url_missing\n' }))).toBe('fail management_url_missing');
    const studio = judged({ from: '{"id":"cloud_configuration_missing"}' });
    expect(brief(studio)).toBe('fail cloud_configuration_missing');
  });

  test('the fixture as the identity of a receipt is a finding, and a mention of it is not', () => {
    expect(brief(judged({ readiness: printed({ signed_in: true, user: 'local-studio-user' }) }))).toBe(
      'fail local_auth_fixture_enabled',
    );
    expect(brief(judged({ from: 'never fall back to local-studio-user\n' }))).toBe('pass');
  });

  test('an address that is asked in clear is a note', () => {
    expect(
      brief(judged({ environment: { management: [{ source: '--management-url', url: 'http://cloud.test' }] } })),
    ).toBe('pass');
    expect(
      unquoted(
        judged({ environment: { management: [{ source: '--management-url', url: 'http://cloud.test' }] } }),
        'http://cloud.test',
        '--management-url',
      ),
    ).toEqual([]);
  });
});

idsAndTextsArePinned('jacqos', configuration);
