// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${VAR} is what the message itself says
import { expect, test } from 'vitest';
import { findIdsInText } from '../../../src/probes/jaco/find-ids-in-text.ts';

const idsOf = (text: string) => findIdsInText(text).ids;

test('typed and plain errors are found in the order of the text', () => {
  const text = [
    'Error: token_revoked: token has been revoked',
    'rpc error: code = Unavailable desc = cluster_uninitialized: daemon has no raft state — run `jaco cluster init`',
    'node join rpc: rpc error: code = PermissionDenied desc = join_token_expired',
  ].join('\n');
  expect(findIdsInText(text)).toEqual({
    ids: ['token_revoked', 'cluster_uninitialized', 'join_token_expired'],
    unrecognised: [],
  });
});

test('an id counts as a whole word only', () => {
  expect(idsOf('xno_leader no_leaders docs.no_leader-old my-no_leader')).toEqual([]);
  expect(idsOf('"no_leader", (quorum_lost). [port_conflict]')).toEqual(['no_leader', 'quorum_lost', 'port_conflict']);
});

test('common words count only in the position of a code', () => {
  expect(idsOf('pulling the image from registry.internal, an internal matter')).toEqual([]);
  expect(idsOf('Error: internal: something broke')).toEqual(['internal']);
});

test('an unknown code is shown unchanged and never taken for a similar one', () => {
  expect(findIdsInText('Error: no_leaderr: x\nrpc error: code = Internal desc = new_code: y')).toEqual({
    ids: [],
    unrecognised: ['no_leaderr', 'new_code'],
  });
  expect(findIdsInText('rpc error: code = Internal desc = hostname: no such host').unrecognised).toEqual([]);
});

test.each([
  ['load environment file /srv/app/.env: open /srv/app/.env: no such file or directory', 'environment_file_unreadable'],
  [
    'interpolate compose.yaml: interpolate ${VAR} at line 4 col 22: required variable NOPE is missing a value: give it',
    'required_variable_missing',
  ],
  [
    'interpolate compose.yaml: interpolate ${VAR} at line 4 col 22: invalid template: "${A"',
    'variable_template_invalid',
  ],
  ['output format "json" not implemented yet; only "table" is supported (#156)', 'output_format_unsupported'],
  ['Error: validation_failed: jaco service "api" is not defined in the compose file', 'unknown_service'],
  [
    'Error: validation_failed: service "api" not found in the compose file; name must equal a compose service key',
    'unknown_service',
  ],
  ['Error: validation_failed: route "a.test" references unknown service "x"', 'unknown_service'],
  [
    'Error: validation_failed: service "x" uses unsupported compose field "net" (not in JACO\'s closed set)',
    'legacy_compose_field',
  ],
  [
    'Error: validation_failed: service "x" uses env_file; env_file must be resolved client-side before apply',
    'env_file_unresolved',
  ],
  ['Error: token_invalid: missing authorization header', 'token_missing'],
  [
    'load config /etc/jaco/jacod.yaml: dns.forwarders["127.0.0.11"]: 127.0.0.11 is docker\'s embedded resolver; configuring it as an upstream would create a forwarding loop',
    'dns_forwarder_loop',
  ],
  ['  - jaco-2 @ 10.0.0.2:7001 [ISOLATION_UNAVAILABLE, VOTER]', 'isolation_unavailable'],
  [
    'level=ERROR msg="caddy.Load failed" subsystem=ingress error="loading new config: http app module: start: listening on :80: listen tcp :80: bind: address already in use"',
    'ingress_port_conflict',
  ],
  ['error="caddy.Load: listening on :80: listen tcp :80: bind: permission denied"', 'ingress_load_failed'],
  [
    '{"level":"error","ts":1795249966.7,"logger":"http.log.error","msg":"no upstreams available","request":{"host":"plain.test"},"status":503}',
    'route_no_upstreams',
  ],
  [
    '{"level":"error","logger":"http.log.error","msg":"dial tcp 10.244.0.2:9999: connect: connection refused","status":502}',
    'route_upstream_unreachable',
  ],
  [
    '{"level":"error","logger":"http.log.error","msg":"dial tcp 10.244.0.2:8080: i/o timeout"}',
    'route_upstream_unreachable',
  ],
])('%s', (line, id) => {
  expect(idsOf(line)).toEqual([id]);
});

test('a field that was never modern stays what the daemon calls it', () => {
  expect(
    idsOf('Error: validation_failed: service "x" uses unsupported compose field "tty" (not in JACO\'s closed set)'),
  ).toEqual(['validation_failed']);
});

test('an audit listing is history, as a table, as JSON and as YAML', () => {
  const table = [
    'TYPE                             TS                         IDENTITY             PAYLOAD',
    'isolation_unavailable            -                          firewall             hostname=jaco-2',
    'upgrade_failed                   -                          -                    ',
    '',
    'Error: no_leader: apply requires leader',
  ];
  expect(idsOf(table.join('\n'))).toEqual(['no_leader']);
  expect(idsOf('[{"type":"isolation_unavailable","raft_index":12}]')).toEqual([]);
  expect(idsOf('- type: isolation_unavailable\n  raft_index: 12')).toEqual([]);
});

test('ten megabytes of anything take linear time', () => {
  const hostile = ['a', '_', 'Error: ', 'desc = a_', '.-', '"', 'no_leader ', 'output format "', '\n', 'TYPE '];
  for (const part of hostile) {
    const before = process.cpuUsage();
    findIdsInText(part.repeat(Math.ceil((10 * 1024 * 1024) / part.length)));
    expect(process.cpuUsage(before).user / 1_000, part).toBeLessThan(4_000);
  }
}, 120_000);

test('text after ten megabytes is not read, and unknown codes are counted to twenty', () => {
  expect(idsOf(`${' '.repeat(10 * 1024 * 1024)}no_leader`)).toEqual([]);
  const many = Array.from({ length: 50 }, (_, i) => `Error: strange_${i}: x`).join('\n');
  expect(findIdsInText(many).unrecognised).toHaveLength(20);
});

test('the texts of the proxy and of a certificate authority', () => {
  const line = (error: string) =>
    JSON.stringify({ msg: 'could not get certificate from issuer', identifier: 'shop.test', error });
  expect(idsOf(line('registering account: performing request: dial tcp: connection refused'))).toEqual(['cert_failed']);
  expect(idsOf('HTTP 429 urn:ietf:params:acme:error:rateLimited - too many certificates')).toEqual(['cert_failed']);
  expect(idsOf(line('obtaining certificate: context canceled'))).toEqual([]);
});

test('quoted and folded output names its ids, and a quoted audit listing stays history', () => {
  const error = 'rpc error: code = Unavailable desc = cluster_uninitialized: daemon has no raft state';
  const fold = (width: number) => error.replace(new RegExp(`.{${width}}(?=.)`, 'g'), (line) => `${line}\n`);
  expect(idsOf(`> ${error}`)).toEqual(['cluster_uninitialized']);
  for (const width of [40, 45, 50])
    expect(findIdsInText(fold(width))).toEqual({ ids: ['cluster_uninitialized'], unrecognised: [] });
  const audit =
    'TYPE         TS                    IDENTITY  PAYLOAD\nnode_remove  2026-11-24T10:00:00Z  op        join_token_expired';
  expect(idsOf(`${audit}\n\nError: token_revoked: x`.replace(/^/gm, '> '))).toEqual(['token_revoked']);
});
