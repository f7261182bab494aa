import { clean } from '../../../engine/text.ts';
import { isSecretName } from '../../../vault/redact-secrets.ts';
import { vault } from '../../../vault/vault.ts';
import { parseGoDuration } from '../daemon/jacod-config/go-duration.ts';

/**
 * The part of a service in an applied compose file that a check needs. Nothing else of the file is kept, because it
 * contains secrets.
 */
export type ComposeService = {
  readonly name: string;
  /** Only the policy `never` pulls nothing (docs/jaco-daemon/runtime.md#images). */
  readonly pullPolicy: string | null;
  /** Only required ones delay a start. */
  readonly dependsOn: readonly {
    readonly service: string;
    readonly required: boolean;
    /** Absent in recordings of versions that did not keep it. */
    readonly condition?: string;
  }[];
  /** Null if the image is built; absent in the same recordings. */
  readonly image?: string | null;
  /** Names as in the compose file; `_default` if it names none, and none if the service has a network mode. */
  readonly networks: readonly string[];
  /** Time in which a failing health check is not counted, in ms; null without a health check. */
  readonly startPeriodMs: number | null;
};

type ComposeTree = { readonly [key: string]: unknown };

const MAX_SERVICES = 500;

/** Parses the services of a compose file. Parts that differ from compose's form are left out. */
export function composeServices(file: unknown): readonly ComposeService[] {
  const services = isTree(file) && isTree(file['services']) ? file['services'] : {};
  return Object.entries(services)
    .slice(0, MAX_SERVICES)
    .flatMap(([name, service]) => (isTree(service) ? [composeServiceOf(clean(name, 253), service)] : []));
}

function composeServiceOf(name: string, service: ComposeTree): ComposeService {
  addSecrets(name, service['environment']);
  const { pull_policy: pullPolicy, healthcheck, network_mode: mode, image } = service;
  const checked = isTree(healthcheck) && healthcheck['disable'] !== true;
  return {
    name,
    pullPolicy: typeof pullPolicy === 'string' ? clean(pullPolicy, 60) : null,
    dependsOn: dependenciesOf(service['depends_on']),
    image: typeof image === 'string' ? clean(image, 300) : null,
    networks: mode === undefined ? networksOf(service['networks']) : [],
    startPeriodMs: checked ? durationMs(healthcheck['start_period']) : null,
  };
}

/** Other texts of a run, such as a log, may contain one of these values. */
function addSecrets(name: string, environment: unknown): void {
  const pairs = Array.isArray(environment)
    ? environment.map((line) => String(line).split(/=(.*)/s))
    : isTree(environment)
      ? Object.entries(environment)
      : [];
  for (const [key, text] of pairs)
    if (isSecretName(String(key)) && text != null)
      vault.add(String(text), `the value of ${clean(String(key), 60)} of ${name}`);
}

function dependenciesOf(given: unknown): ComposeService['dependsOn'] {
  const list = Array.isArray(given)
    ? given.map((service) => [service, {}] as const)
    : isTree(given)
      ? Object.entries(given)
      : [];
  return list.slice(0, 100).map(([service, how]) => {
    const given = isTree(how) ? how : {};
    const condition = typeof given['condition'] === 'string' ? clean(given['condition'], 60) : 'service_started';
    return { service: clean(String(service), 253), required: given['required'] !== false, condition };
  });
}

function networksOf(given: unknown): readonly string[] {
  const names = Array.isArray(given) ? given.map(String) : isTree(given) ? Object.keys(given) : [];
  if (names.length === 0) return ['_default'];
  return names.slice(0, 100).map((name) => (name === 'default' ? '_default' : clean(name, 253)));
}

function durationMs(given: unknown): number {
  const nanoseconds = typeof given === 'string' ? parseGoDuration(given) : null;
  return nanoseconds === null ? 0 : Number(nanoseconds / 1_000_000n);
}

function isTree(value: unknown): value is ComposeTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
