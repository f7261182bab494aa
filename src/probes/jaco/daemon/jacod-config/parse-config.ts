import { FORWARDER_TIMEOUT_MS, NODE_STATUS_MS } from '../../timing.ts';
import { type ConfigFields, type DecodeProblem, decodeFields } from './decode-fields.ts';
import { decodeYaml } from './decode-yaml.ts';
import { parseYaml, YamlError, type YamlTree } from './parse-yaml.ts';
import { requireDirectives } from './require-directives.ts';
import type { ConfigProblem, JacodSettings } from './settings.ts';
import { validateFields } from './validate-fields.ts';

/** The result of parsing jacod.yaml. `settings` is null only if the daemon cannot parse the text as YAML. */
export type ParsedConfig = { readonly settings: JacodSettings | null; readonly problem: ConfigProblem | null };

const SECOND = 1_000_000_000n;
const PRODUCTION_CA = 'https://acme-v02.api.letsencrypt.org/directory';

function defaults(): ConfigFields {
  return {
    data_dir: '/var/lib/jaco',
    listen_addr: '0.0.0.0:7000',
    cluster_addr: '0.0.0.0:7001',
    unix_socket: '/var/run/jaco/jaco.sock',
    wg_port: 51820n,
    acme_email: '',
    acme_ca: '',
    acme_enabled: true,
    acme_skip_staging: false,
    log_level: 'info',
    ipam_pool: '10.244.0.0/16',
    node_status_interval: 30n * SECOND,
    forwarders: [],
    forwarder_timeout: 2n * SECOND,
  };
}

/** The settings of a daemon without a file. */
export function defaultSettings(): JacodSettings {
  return settingsOf(defaults());
}

/**
 * Parses jacod.yaml as the daemon does (strict yaml.v3, then its validation), and reports problems in its words. Never
 * throws.
 */
export function parseConfig(content: string | Buffer): ParsedConfig {
  const fields = defaults();
  try {
    const text = typeof content === 'string' ? content : decodeYaml(content);
    // Go's parser rejects characters that this library accepts.
    const stray = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
    if (stray !== null) throw new YamlError('control characters are not allowed');
    requireDirectives(text);
    const tree = parseYaml(text);
    if (tree === null) return refused(null, 'empty-file', 'EOF', null);
    const complaints = decodeFields(tree, fields);
    const [first] = complaints;
    if (first !== undefined) return refused(settingsOf(fields), first.cause, listed(complaints), first);
    const refusal = validateFields(fields);
    if (refusal === null) return { settings: settingsOf(fields), problem: null };
    const { kind, key, message, value } = refusal;
    const at = nodeAt(tree, key.split('.'), value);
    const cause = kind === 'loop' ? null : 'bad-value';
    return {
      settings: settingsOf(fields),
      problem: { kind, cause, message, line: at?.line ?? null, column: at?.column ?? null, key, value },
    };
  } catch (error) {
    const position = error instanceof YamlError ? error.position : null;
    const message = error instanceof Error ? error.message : 'cannot be read';
    return refused(null, 'not-yaml', `yaml: ${message}`, position && { ...position, key: null });
  }
}

function refused(
  settings: JacodSettings | null,
  cause: NonNullable<ConfigProblem['cause']>,
  text: string,
  at: { readonly line: number; readonly column: number; readonly key: string | null } | null,
): ParsedConfig {
  const message = `parse jacod.yaml: ${text}`;
  const { line, column, key } = at ?? { line: null, column: null, key: null };
  return { settings, problem: { kind: 'invalid', cause, message, line, column, key, value: null } };
}

function listed(complaints: readonly DecodeProblem[]): string {
  return `yaml: unmarshal errors:\n${complaints.map(({ text }) => `  ${text}`).join('\n')}`;
}

/** The position of a key's value; with `item`, of the list entry with that value. */
function nodeAt(tree: YamlTree, [name, ...rest]: readonly string[], item: string | null): YamlTree | null {
  if (tree.kind !== 'map') return null;
  const pair = tree.pairs.find(({ key }) => key.kind === 'scalar' && key.value === name);
  if (pair === undefined) return null;
  if (rest.length > 0) return nodeAt(pair.value, rest, item);
  if (item === null || pair.value.kind !== 'seq') return pair.key;
  return pair.value.items.find((entry) => entry.kind === 'scalar' && entry.value === item) ?? pair.key;
}

function settingsOf(fields: ConfigFields): JacodSettings {
  const ms = (nanoseconds: bigint, otherwise: number): number =>
    nanoseconds <= 0n ? otherwise : Number(nanoseconds / 1_000n) / 1_000;
  return {
    dataDir: fields.data_dir,
    listenAddr: fields.listen_addr,
    clusterAddr: fields.cluster_addr,
    unixSocket: fields.unix_socket,
    wgPort: Number(fields.wg_port),
    acmeEmailSet: fields.acme_email !== '',
    acmeCa: fields.acme_ca === '' ? PRODUCTION_CA : fields.acme_ca,
    acmeEnabled: fields.acme_enabled,
    acmeSkipStaging: fields.acme_skip_staging,
    logLevel: fields.log_level,
    ipamPool: fields.ipam_pool,
    nodeStatusIntervalMs: ms(fields.node_status_interval, NODE_STATUS_MS),
    forwarders: fields.forwarders,
    forwarderTimeoutMs: ms(fields.forwarder_timeout, FORWARDER_TIMEOUT_MS),
  };
}
