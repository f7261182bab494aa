import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultSettings, parseConfig } from '../../../../../src/probes/jaco/daemon/jacod-config/parse-config.ts';

const PACKAGED = `# jacod
data_dir: /var/lib/jaco
listen_addr: 10.0.0.1:7000
cluster_addr: 10.0.0.1:7001
acme_enabled: false
`;

const refusal = (text: string) => parseConfig(text).problem;

describe('the errors with which a real jacod v0.3.9 rejected its file', () => {
  const rows: readonly (readonly [what: string, text: string, message: string, cause: string])[] = [
    [
      'an unknown key',
      `${PACKAGED}listen_adr: x\n`,
      'parse jacod.yaml: yaml: unmarshal errors:\n  line 6: field listen_adr not found in type config.Config',
      'unknown-key',
    ],
    [
      'an unknown key under dns',
      'data_dir: /var/lib/jaco\ndns:\n  forwarder: [1.1.1.1]\n',
      'parse jacod.yaml: yaml: unmarshal errors:\n  line 3: field forwarder not found in type config.DNSConfig',
      'unknown-key',
    ],
    [
      'the same key twice',
      `${PACKAGED}acme_enabled: true\n`,
      'parse jacod.yaml: yaml: unmarshal errors:\n  line 6: mapping key "acme_enabled" already defined at line 5',
      'duplicate-key',
    ],
    ['an empty file', '', 'parse jacod.yaml: EOF', 'empty-file'],
    ['nothing but comments', '# data_dir: /x\n\n  # more\n', 'parse jacod.yaml: EOF', 'empty-file'],
    [
      'a tab for indentation',
      'data_dir: /var/lib/jaco\ndns:\n\tforwarders: [1.1.1.1]\n',
      'parse jacod.yaml: yaml: line 3: found a tab character that violates indentation',
      'not-yaml',
    ],
    [
      'a word for a number',
      'wg_port: abc\n',
      'parse jacod.yaml: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str `abc` into int',
      'wrong-type',
    ],
    [
      'a duration without a unit',
      'node_status_interval: 5\n',
      'parse jacod.yaml: yaml: unmarshal errors:\n  line 1: cannot unmarshal !!int `5` into time.Duration',
      'wrong-type',
    ],
    [
      'an address without a port',
      'listen_addr: 127.81.0.1\n',
      'listen_addr "127.81.0.1" is not host:port: address 127.81.0.1: missing port in address',
      'bad-value',
    ],
    ['an empty address', 'listen_addr: ""\n', 'listen_addr is required', 'bad-value'],
    [
      'equal addresses',
      'listen_addr: 10.0.0.1:7000\ncluster_addr: 10.0.0.1:7000\n',
      'cluster_addr and listen_addr must differ',
      'bad-value',
    ],
    ['a CA without TLS', 'acme_ca: http://ca/dir\n', 'acme_ca "http://ca/dir" must be an https URL', 'bad-value'],
    ['a wrong level', 'log_level: verbose\n', 'log_level "verbose" must be debug|info|warn|error', 'bad-value'],
    ['no port', 'wg_port: 0\n', 'wg_port 0 is out of range', 'bad-value'],
    ['a small pool', 'ipam_pool: 10.244.0.0/20\n', 'ipam_pool "10.244.0.0/20" must be a /16 (got /20)', 'bad-value'],
    ['no pool', 'ipam_pool: ten\n', 'ipam_pool "ten" is not a CIDR: invalid CIDR address: ten', 'bad-value'],
    [
      'a hasty heartbeat',
      'node_status_interval: 1s\n',
      'node_status_interval 1s must be between 5s and 5m0s',
      'bad-value',
    ],
    [
      'a slow heartbeat',
      'node_status_interval: 1h30m\n',
      'node_status_interval 1h30m0s must be between 5s and 5m0s',
      'bad-value',
    ],
    ['a negative timeout', 'dns: {forwarder_timeout: -1s}\n', 'dns.forwarder_timeout -1s must be >= 0', 'bad-value'],
    [
      'a forwarder that is not an address',
      'dns: {forwarders: ["[::1"]}\n',
      `dns.forwarders["[::1"]: not host[:port]: address [[::1]:53: unexpected '[' in address`,
      'bad-value',
    ],
  ];
  test.each(rows)('%s', (_what, text, message, cause) => {
    expect(refusal(text)).toMatchObject({ kind: 'invalid', message, cause });
  });

  test('several faults are listed as the daemon lists them, in its order', () => {
    expect(refusal('wg_port: x\nfoo: 1\nacme_enabled: maybe\n')?.message).toBe(
      [
        'parse jacod.yaml: yaml: unmarshal errors:',
        '  line 1: cannot unmarshal !!str `x` into int',
        '  line 2: field foo not found in type config.Config',
        '  line 3: cannot unmarshal !!str `maybe` into bool',
      ].join('\n'),
    );
  });
});

describe('forwarders that lead back into the container network', () => {
  test.each(['127.0.0.11', '127.0.0.11:53', '127.9.8.11', '::ffff:127.0.0.11', '[::ffff:7f00:b]:5353'])(
    '%s is taken for Docker’s resolver',
    (address) => {
      expect(refusal(`dns:\n  forwarders:\n    - 1.1.1.1\n    - "${address}"\n`)).toEqual({
        kind: 'loop',
        cause: null,
        key: 'dns.forwarders',
        value: address,
        line: 4,
        column: 7,
        message: `dns.forwarders["${address}"]: 127.0.0.11 is docker's embedded resolver; configuring it as an upstream would create a forwarding loop`,
      });
    },
  );

  test.each(['10.244.3.1', '10.244.255.1:53'])('%s is a gateway of JACO’s own', (address) => {
    expect(refusal(`dns: {forwarders: ["${address}"]}\n`)).toMatchObject({
      kind: 'loop',
      message: `dns.forwarders["${address}"]: 10.244.*.1 is a JACO bridge gateway; configuring it as an upstream would create a forwarding loop`,
    });
  });
});

describe('what looks wrong and the daemon starts with all the same', () => {
  test.each([
    ['the stub resolver of systemd', 'dns: {forwarders: [127.0.0.53]}\n'],
    ['loopback', 'dns: {forwarders: [127.0.0.1, "::1"]}\n'],
    ['a forwarder that is not an address', 'dns: {forwarders: [not an ip]}\n'],
    ['a forwarder with an invalid port', 'dns: {forwarders: ["1.1.1.1:abc"]}\n'],
    ['a gateway of another pool, which does loop', 'ipam_pool: 10.99.0.0/16\ndns: {forwarders: [10.99.3.1]}\n'],
    ['a port beyond 65535', 'listen_addr: 10.0.0.1:99999\n'],
    ['no forwarders', 'dns: {forwarders: []}\n'],
    ['an empty block', 'dns:\n'],
    ['a second document, with any content', 'data_dir: /x\n---\nnonsense: true\n'],
    ['old words for a boolean', 'acme_enabled: "yes"\nacme_skip_staging: off\n'],
    ['a key without a value', 'data_dir:\n'],
    ['a null file', '~\n'],
    ['a document that is empty', '---\n'],
    ['numbers for strings', 'data_dir: 5\n'],
    ['an interval of zero, which means the default', 'node_status_interval: 0s\n'],
    ['flow style', '{data_dir: /x, log_level: warn}\n'],
    ['DOS line ends', PACKAGED.replaceAll('\n', '\r\n')],
    ['an IPv6 pool of the right size', 'ipam_pool: fd00::/16\n'],
  ])('%s', (_what, text) => {
    expect(refusal(text)).toBeNull();
  });
});

describe('the settings in force', () => {
  test('keys left out have the documented defaults', () => {
    expect(parseConfig('log_level: warn\n').settings).toEqual({ ...defaultSettings(), logLevel: 'warn' });
    expect(defaultSettings()).toMatchObject({
      dataDir: '/var/lib/jaco',
      listenAddr: '0.0.0.0:7000',
      unixSocket: '/var/run/jaco/jaco.sock',
      acmeEnabled: true,
      acmeCa: 'https://acme-v02.api.letsencrypt.org/directory',
      nodeStatusIntervalMs: 30_000,
      forwarderTimeoutMs: 2_000,
    });
  });

  test('everything written is read, durations in milliseconds', () => {
    const { settings } = parseConfig(
      'acme_email: a@b.c\nnode_status_interval: 1m\ndns:\n  forwarders: [1.1.1.1, "9.9.9.9:53"]\n  forwarder_timeout: 1.5s\n',
    );
    expect(settings).toMatchObject({
      acmeEmailSet: true,
      nodeStatusIntervalMs: 60_000,
      forwarders: ['1.1.1.1', '9.9.9.9:53'],
      forwarderTimeoutMs: 1_500,
    });
  });

  test('one bad key does not hide data_dir', () => {
    const { settings, problem } = parseConfig('data_dir: /srv/jaco\nlisten_adr: x\n');
    expect(problem?.cause).toBe('unknown-key');
    expect(settings?.dataDir).toBe('/srv/jaco');
  });

  test('nothing is claimed about a file that is not YAML', () => {
    expect(parseConfig('data_dir: [/srv/jaco\nlisten_addr: x\n').settings).toBeNull();
  });
});

test('no text makes the reader throw', () => {
  const piece = fc.constantFrom(
    'data_dir',
    'dns',
    'wg_port',
    ':',
    ': ',
    '\n',
    '\n  ',
    '- ',
    '"',
    "'",
    '[',
    '{',
    '&a',
    '*a',
    '<<',
    '!!int',
    '|',
    '\t',
    '5s',
    '#',
    '---',
    '\u0000',
    '\ud800',
    '%',
    '?',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(piece, { maxLength: 30 }).map((all) => all.join('')),
      ),
      (text) => {
        const { settings, problem } = parseConfig(text);
        return problem === null ? settings !== null : problem.message.length > 0;
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a bomb of anchors is refused without being built', () => {
  const lines = [
    'a0: &a0 [x, x]',
    ...Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}]`),
  ];
  expect(refusal(lines.join('\n'))?.message).toContain('excessive aliasing');
});

test('anchors that are set again and aliases by the thousand are read in no time, as the last one before each says', () => {
  const text = `${'a: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\n'.repeat(2_000)}`;
  const began = performance.now();
  expect(parseConfig(text).problem?.message).toMatch(/excessive aliasing|already defined/);
  expect(performance.now() - began).toBeLessThan(10_000);
  const twice = 'dns: {forwarders: [&f 1.1.1.1, *f]}\nlog_level: &f info\nacme_email: *f\n';
  expect(parseConfig(twice)).toMatchObject({
    settings: { forwarders: ['1.1.1.1', '1.1.1.1'], logLevel: 'info', acmeEmailSet: true },
    problem: null,
  });
});

// jacod v0.3.9's own text for each.
describe('a file in the encoding and with the directives that an editor gave it', () => {
  const TEXT = 'data_dir: /srv/jaco\nacme_enabled: false\n';
  const utf16 = (text: string) => Buffer.from(text, 'utf16le');

  test.each([
    ['UTF-16 of Windows', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(TEXT)])],
    ['UTF-16, the other order', Buffer.concat([Buffer.from([0xfe, 0xff]), utf16(TEXT).swap16()])],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${TEXT}`)],
    ['a %YAML directive', Buffer.from(`# made by hand\n%YAML 1.1\n---\n${TEXT}`)],
    ['a %TAG directive', Buffer.from(`%TAG !y! tag:yaml.org,2002:\n---\n${TEXT}`)],
  ])('%s is accepted', (_what, bytes) => {
    expect(parseConfig(bytes)).toMatchObject({ problem: null, settings: { dataDir: '/srv/jaco', acmeEnabled: false } });
  });

  test.each([
    [
      'YAML 1.2, which its reader does not take',
      Buffer.from(`%YAML 1.2\n---\n${TEXT}`),
      'found incompatible YAML document',
    ],
    ['two directives', Buffer.from(`%YAML 1.1\n%YAML 1.1\n---\n${TEXT}`), 'line 1: found duplicate %YAML directive'],
    ['an unknown directive', Buffer.from(`%FOO bar\n---\n${TEXT}`), 'found unknown directive name'],
    [
      'half a character',
      Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(TEXT), Buffer.from('x')]),
      'incomplete UTF-16 character',
    ],
    ['UTF-16 without a mark', utf16(TEXT), 'control characters are not allowed'],
    ['Latin-1', Buffer.concat([Buffer.from(TEXT), Buffer.from('# \xff\n', 'latin1')]), 'invalid leading UTF-8 octet'],
  ])('%s is not', (_what, bytes, message) => {
    expect(parseConfig(bytes).problem).toMatchObject({
      cause: 'not-yaml',
      message: `parse jacod.yaml: yaml: ${message}`,
    });
  });

  test('a wrong key in UTF-16 is named like any other', () => {
    const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(`${TEXT}listen_adr: x\n`)]);
    expect(parseConfig(bytes).problem).toMatchObject({ cause: 'unknown-key', key: 'listen_adr', line: 3 });
  });
});
