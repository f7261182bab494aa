import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { clusterCa } from '../../src/demo/jaco/certificates.ts';
import { localAddresses } from '../../src/probes/host/addresses.ts';
import { internetSockets, unixListeners } from '../../src/probes/host/proc-net.ts';
import { parseAccounts } from '../../src/probes/io/accounts.ts';
import { servedChain } from '../../src/probes/io/certificate/served-chain.ts';
import { readServerFlight } from '../../src/probes/io/certificate/server-flight.ts';
import { callFailure } from '../../src/probes/io/grpc/failure.ts';
import { tcpTarget } from '../../src/probes/io/grpc/grpc.ts';
import { mountOf, parseMounts } from '../../src/probes/io/mounts.ts';
import { parseProcessStat } from '../../src/probes/io/processes.ts';
import { parseCertificates } from '../../src/probes/io/tls.ts';
import { tokenFormat } from '../../src/probes/jaco/access/token-format.ts';
import { statusFact } from '../../src/probes/jaco/control/status-fact.ts';
import { parseConfig } from '../../src/probes/jaco/daemon/jacod-config/parse-config.ts';
import { configArgument } from '../../src/probes/jaco/daemon/unit/config-argument.ts';
import { parseEnvironmentFile } from '../../src/probes/jaco/daemon/unit/environment-file.ts';
import { parseUnits } from '../../src/probes/jaco/daemon/unit/parse-units.ts';
import { shellStart } from '../../src/probes/jaco/daemon/unit/shell-start.ts';
import { findIdsInText } from '../../src/probes/jaco/find-ids-in-text.ts';
import { parseProxyConfig } from '../../src/probes/jaco/ingress/parse-proxy-config.ts';
import { readAcmeLines } from '../../src/probes/jaco/journal/acme-lines.ts';
import { exitReason } from '../../src/probes/jaco/journal/exit-reason.ts';
import { parseLine } from '../../src/probes/jaco/journal/parse-line.ts';
import { readRaftLines } from '../../src/probes/jaco/journal/raft-lines.ts';
import { declaredRoutes } from '../../src/probes/jaco/runtime/declared-routes.ts';
import { certificateStateFact, routeFact } from '../../src/probes/jaco/runtime/stored-ingress.ts';
import { parseRecording } from '../../src/record/read-recording.ts';
import { redactSecrets } from '../../src/vault/redact-secrets.ts';
import { decodeError } from '../../src/wire/decode-error.ts';
import { decodeLists, listField } from '../../src/wire/decode-lists.ts';
import { CertState, ClusterStatusResponse, DeployStatusResponse, Route } from '../../src/wire/jaco.ts';
import { INPUTS, near, unprintableIn } from './mutate.ts';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const captured = (folder: string, names: RegExp): string[] =>
  readdirSync(fileURLToPath(new URL(`../captures/${folder}/`, import.meta.url)))
    .filter((name) => names.test(name))
    .map((name) => read(`../captures/${folder}/${name}`));
const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

const journal = captured('host', /journal.*\.jsonl?$/).flatMap((text) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .slice(0, 40),
);
const status = Buffer.from(
  ClusterStatusResponse.encode({
    initialized: true,
    leader: '10.0.0.1:7001',
    raftIndex: '18446744073709551615',
    nodes: [
      {
        hostname: 'jaco-1',
        address: '10.0.0.1:7001',
        grpcAddress: '10.0.0.1:7000',
        status: 2,
        statusDetails: { reason: 'x' },
        serverCertFingerprint: Buffer.alloc(0),
        wireguardPubkey: Buffer.alloc(32),
        joinedAt: { seconds: '1795000000', nanos: 5 },
        lastPressureAt: undefined,
        cpuPressure: 0,
        memoryPressure: 0,
      },
    ],
    suffrages: [{ hostname: 'jaco-1', kind: 1 }],
  }).finish(),
).toString('latin1');

const certificateBytes = Buffer.from(clusterCa.replace(/-----[A-Z ]+-----/g, ''), 'base64');

/** A ServerHello of four bytes and a Certificate message in one record. */
function flightOf(certificate: Buffer): string {
  const sized = (content: Buffer): Buffer =>
    Buffer.concat([Buffer.from([0, content.length >> 8, content.length & 255]), content]);
  const messages = Buffer.concat([
    Buffer.from('0200000403030000', 'hex'),
    Buffer.from([11]),
    sized(sized(sized(certificate))),
  ]);
  return Buffer.concat([Buffer.from([22, 3, 3, messages.length >> 8, messages.length & 255]), messages]).toString(
    'latin1',
  );
}

const proxyLine = (atMs: number, message: string) => {
  return { atMs, priority: 6, subsystem: null, message, error: null, fields: {}, raw: true, pid: 1, invocation: null };
};

const deployStatus = Buffer.from(
  DeployStatusResponse.encode({
    deployments: [],
    replicas: [],
    routes: [
      {
        domain: 'shop.test',
        path: '/api',
        deployment: 'shop',
        service: 'web',
        port: 8080,
        tlsAuto: true,
        stripPath: true,
      },
    ],
    certs: [
      {
        domain: 'shop.test',
        environment: 'prod',
        notAfter: { seconds: '1795000000', nanos: 5 },
        lastRenewalAt: undefined,
      },
    ],
  }).finish(),
).toString('latin1');

/** A parser, texts that it accepts, and whether its result is printable. */
type Parser = {
  readonly seeds: readonly string[];
  readonly parse: (text: string) => unknown;
  readonly printable: boolean;
  readonly cost?: number;
};

const PARSERS: { readonly [name: string]: Parser } = {
  'jacod.yaml': {
    seeds: [
      'data_dir: /var/lib/jaco\nlisten_addr: 10.0.0.1:7000\ncluster_addr: 10.0.0.1:7001\nnode_status_interval: 30s\nacme_enabled: false\ndns: {forwarders: ["1.1.1.1", 8.8.8.8:53]}\nipam_pool: 10.244.0.0/16\n',
      'a: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n',
      'a: &a {b: *a}\n',
      '? [complex, key]\n: value\n---\nsecond: document\n',
    ],
    parse: (text) => {
      const { settings, ...problem } = parseConfig(text);
      return { problem, settings: settings === null ? null : 'read' };
    },
    printable: false,
  },
  'systemctl show': { seeds: captured('host', /systemctl|show/), parse: parseUnits, printable: false },
  'the daemon’s command line': {
    seeds: ['jacod\u0000--config\u0000/etc/jaco/jacod.yaml', 'jacod --config=/x -config y'],
    parse: (text) => configArgument(text.split(/[\u0000 ]/)),
    printable: false,
  },
  'a file of EnvironmentFile=': {
    seeds: ['# jacod\nJACO_CONFIG="/opt/my jaco/x.yaml"\n', "A='b' \\\n c\nexport B=c\n;D=e"],
    parse: parseEnvironmentFile,
    printable: false,
  },
  'the script that starts jacod': {
    seeds: ['set -a; . /etc/default/jaco; exec jacod', 'cd /opt && A=b exec jacod --config "$A/x.yaml" 2>&1 | logger'],
    parse: (text) => shellStart(text, new Map([['A', 'b']]), '/'),
    printable: false,
  },
  'a line of the journal': {
    seeds: [
      ...journal,
      '{"__REALTIME_TIMESTAMP":"1795000000000000","MESSAGE":[104,27,91,50,74],"PRIORITY":"3","SUBSYSTEM":"raft","_PID":"7"}',
      '{"MESSAGE_ID":"a596d6fe7bfa4994828e72309e95d61e","N_DROPPED":"99999999999999999999"}',
    ],
    parse: parseLine,
    printable: true,
  },
  'raft’s own lines': {
    seeds: [
      '2026-11-21T12:00:00.000Z [INFO]  raft: initial configuration: index=9 servers="[{Suffrage:Voter ID:jaco-1 Address:10.0.0.1:7001} {Suffrage:Nonvoter ID:jaco-2 Address:10.0.0.2:7001}]"\n2026-11-21T12:00:01.000Z [INFO]  raft: entering candidate state: node="Node at 10.0.0.1:7001 [Candidate]" term=3\nraft: calculated votes needed: needed=2 term=3\nraft: voting for self: term=3 id=jaco-1\nraft: asking for vote: term=3 from=jaco-2 address=10.0.0.2:7001',
    ],
    parse: (text) =>
      readRaftLines(
        text.split('\n').map((message, atMs) => ({
          atMs,
          priority: 6,
          subsystem: null,
          message,
          error: null,
          fields: {},
          raw: true,
          pid: 1,
          invocation: null,
        })),
      ),
    printable: false,
  },
  'the proxy’s lines about certificates': {
    seeds: captured('ingress', /^acme-.*\.jsonl$/).flatMap((text) =>
      text.split('\n').filter((line) => line.includes('error')),
    ),
    parse: (text) => readAcmeLines(text.split('\n').map((message, atMs) => proxyLine(atMs, message))),
    printable: true,
  },
  'the first bytes of a TLS server': {
    seeds: [flightOf(certificateBytes), '\u0015\u0003\u0003\u0000\u0002\u0002P', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    parse: (text) => {
      const flight = readServerFlight(bytesOf(text));
      return flight.kind === 'certificates' ? flight.list.length : flight;
    },
    printable: true,
  },
  'a certificate that a server shows': {
    seeds: [certificateBytes.toString('latin1')],
    parse: (text) => servedChain([bytesOf(text)], 'jaco-1'),
    printable: true,
    cost: 4,
  },
  'why the daemon exited': {
    seeds: [
      'load config /etc/jaco/jacod.yaml: parse jacod.yaml: yaml: unmarshal errors:\\n  line 6: field listen_adr not found in type config.Config',
      'gRPC server: listen tcp 10.0.0.1:7000: listen tcp 10.0.0.1:7000: bind: address already in use',
      'dns.forwarders[\\"10.244.3.1\\"]: 10.244.*.1 is a JACO bridge gateway; configuring it as an upstream would create a forwarding loop',
    ],
    parse: exitReason,
    printable: false,
  },
  '/proc/net/tcp': {
    seeds: [read('/proc/net/tcp').slice(0, 4_000)],
    parse: (text) => internetSockets('tcp', text),
    printable: true,
  },
  '/proc/net/unix': { seeds: [read('/proc/net/unix').slice(0, 4_000)], parse: unixListeners, printable: false },
  '/proc/net/fib_trie': { seeds: [read('/proc/net/fib_trie').slice(0, 4_000)], parse: localAddresses, printable: true },
  '/proc/self/mountinfo': {
    seeds: [read('/proc/self/mountinfo').slice(0, 4_000)],
    parse: (text) => mountOf(parseMounts(text), '/run/jaco'),
    printable: false,
  },
  '/proc/self/stat': { seeds: [read('/proc/self/stat')], parse: parseProcessStat, printable: false },
  'passwd and group': {
    seeds: ['root:x:0:0:root:/root:/bin/bash\njaco:x:999:998::/var/lib/jaco:/usr/sbin/nologin\n'],
    parse: (text) => parseAccounts(text, text).user('jaco')?.gids ?? null,
    printable: true,
  },
  'an address': {
    seeds: ['10.0.0.1:7000', '[fd00::1]:7000', 'jaco-1.example:7000'],
    parse: tcpTarget,
    printable: true,
  },
  'a CA file': {
    seeds: [clusterCa, `text\n${clusterCa}\n${clusterCa}`],
    parse: (text) => parseCertificates(text).length,
    printable: true,
    cost: 2,
  },
  'Cluster.Status as bytes': {
    seeds: [status],
    parse(text) {
      let message: ClusterStatusResponse;
      try {
        message = ClusterStatusResponse.decode(bytesOf(text));
      } catch {
        return null; // grpc-js turns a message that cannot be decoded into an error of the call
      }
      return statusFact(message);
    },
    printable: true,
  },
  'the configuration of the proxy': {
    seeds: captured('ingress', /^proxy-.*\.json$/),
    parse(text) {
      let document: unknown;
      try {
        document = JSON.parse(text);
      } catch {
        return null; // the probe reports it as unreadable
      }
      return parseProxyConfig(document);
    },
    printable: true,
  },
  'the routes of a jaco.yaml': {
    seeds: [
      'deployment: shop\nroutes:\n  - {domain: shop.test, service: web, port: 8080, path: /api, tls: "off"}\n',
      'routes: [{domain: "\\u001b[2Jx", path: 7}, null, [], {domain: {}}]\n',
    ],
    parse(text) {
      try {
        return declaredRoutes(parseDocument(text, { merge: true, logLevel: 'silent' }).toJS());
      } catch {
        return null; // the reader of the manifests reports it
      }
    },
    printable: true,
    cost: 4,
  },
  'Deploy.Status as bytes': {
    seeds: [deployStatus],
    parse(text) {
      try {
        return decodeLists(bytesOf(text), {
          routes: listField(3, Route, 100, routeFact),
          certificates: listField(4, CertState, 100, certificateStateFact),
        });
      } catch {
        return null; // grpc-js turns a message that cannot be decoded into an error of the call
      }
    },
    printable: true,
  },
  'an error’s details': {
    seeds: [
      Buffer.from(
        'CBASDXRva2VuX3Jldm9rZWQaTAohdHlwZS5nb29nbGVhcGlzLmNvbS9qYWNvLnYxLkVycm9yEicKDXRva2VuX3Jldm9rZWQSFnRva2VuIGhhcyBiZWVuIHJldm9rZWQ=',
        'base64',
      ).toString('latin1'),
    ],
    parse: (text) =>
      callFailure(
        decodeError(
          Object.assign(new Error(text), { code: 16, details: text, metadata: { get: () => [bytesOf(text)] } }),
        ),
        'up',
      ),
    printable: true,
  },
  'the output of a failed command': {
    seeds: [
      'Error: token_invalid: unknown token\n',
      'rpc error: code = Unavailable desc = cluster_uninitialized: daemon has no raft state\n',
      '{"error":{"code":"no_leader","message":"apply requires leader"}}\n',
    ],
    parse: findIdsInText,
    printable: true,
  },
  'a recording': {
    seeds: [read('../recordings/quorum-lost.json').slice(0, 6_000), '{"schema":"doctor-recording/1"}'],
    parse: (text) => {
      const parsed = parseRecording(text, 'file');
      return 'problem' in parsed ? parsed : null;
    },
    printable: true,
  },
  'a token': { seeds: ['ab'.repeat(32)], parse: tokenFormat, printable: true },
  'shapes of secrets': {
    seeds: [
      'Authorization: Bearer abc.def\nDB_PASSWORD="x y"\n-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----',
      'postgres://u:p@h/d',
    ],
    parse: redactSecrets,
    printable: false,
  },
};

describe('for any input', () => {
  for (const [name, { seeds, parse, printable, cost = 1 }] of Object.entries(PARSERS))
    test(`${name} is read, or refused, without a crash or a hang`, { timeout: Math.max(60_000, INPUTS) }, () => {
      expect(seeds.filter((seed) => seed !== '').length).toBeGreaterThan(0);
      let longest = { ms: 0, text: '' };
      fc.assert(
        fc.property(near(seeds), (text) => {
          const began = performance.now();
          const given = parse(text);
          const ms = performance.now() - began;
          if (ms > longest.ms) longest = { ms, text };
          if (printable) expect(unprintableIn(given)).toBeNull();
        }),
        { numRuns: Math.ceil(INPUTS / cost) },
      );
      // No input of 200,000 characters may take a second: that would be a hang on a slow node.
      expect(longest.ms, JSON.stringify(longest.text.slice(0, 300))).toBeLessThan(5_000);
    });
});
