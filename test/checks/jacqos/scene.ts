import { jacqos } from '../../../checks/jacqos.ts';
import { severityOf } from '../../../src/catalog/generated/ids.ts';
import { type FailureWhy, notApplicable, type Outcome, value } from '../../../src/engine/outcome.ts';
import type { Row } from '../../../src/engine/row.ts';
import type { AppDir } from '../../../src/probes/jacqos/app-dir.ts';
import type { Bundle } from '../../../src/probes/jacqos/bundle/parse-bundle.ts';
import type { BundleFact } from '../../../src/probes/jacqos/bundle.ts';
import type { Environment } from '../../../src/probes/jacqos/environment.ts';
import type { Health } from '../../../src/probes/jacqos/health.ts';
import type { ReportedOutput } from '../../../src/probes/jacqos/jacqos-probe.ts';
import { readOutput } from '../../../src/probes/jacqos/reader/read-output.ts';
import type { CommandAnswer } from '../../../src/probes/jacqos/run-jacqos.ts';
import type { RuntimeObservation } from '../../../src/probes/jacqos/runtime-observation.ts';
import type { SessionFolder } from '../../../src/probes/jacqos/session-folder.ts';
import { type Given, isOutcome, judgeFacts } from '../scene.ts';

const MANAGEMENT = 'https://cloud.test';
const RUNTIME = 'https://runtime.test';

/** The differences of a scene from a healthy one: parts of facts, or an outcome instead of a fact. */
export type Scene = {
  readonly environment?: Partial<Environment>;
  readonly app?: Partial<AppDir> | Outcome;
  readonly bundle?: Partial<BundleFact> | Outcome;
  readonly folder?: Partial<SessionFolder> | Outcome;
  readonly program?: Outcome;
  readonly version?: Outcome;
  readonly readiness?: CommandAnswer | Outcome;
  readonly status?: CommandAnswer | Outcome;
  readonly management?: Health | readonly Health[] | Outcome;
  readonly runtime?: Health | Outcome;
  readonly observed?: RuntimeObservation | Outcome;
  /** The pasted text. */
  readonly from?: string;
};

/** A command that printed this and ended this way. A text is printed unchanged, anything else as JSON. */
export function printed(output: unknown, code = 0, given: Partial<CommandAnswer> = {}): CommandAnswer {
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  return { code, end: 'exit', cut: false, reading: readOutput(text, { failed: code !== 0 }), ...given };
}

export function refused(name: string, why: FailureWhy, detail: string, phase = 'connect'): Outcome {
  return { kind: 'failed', failure: { why, phase, detail, root: `jacqos.${name}` } };
}

type Answered = Partial<Extract<Health, { kind: 'answer' }>>;
type Troubled = Partial<Extract<Health, { kind: 'trouble' }>>;

const NOTHING = { present: [], mentioned: [], unrecognised: [] };

export function answered(status: number, given: Answered = {}): Health {
  const asked = given.url === RUNTIME ? `${RUNTIME}/healthz` : `${given.url ?? MANAGEMENT}/api/v0/health`;
  const answer = { status, body: 'json', redirectedTo: null, ids: NOTHING, words: [], ms: 12 } as const;
  return { source: '--management-url', url: MANAGEMENT, asked, proxy: null, kind: 'answer', ...answer, ...given };
}

export function troubled(given: Troubled = {}): Health {
  const asked = given.url === RUNTIME ? `${RUNTIME}/healthz` : `${MANAGEMENT}/api/v0/health`;
  const trouble = {
    why: 'refused',
    phase: 'connect',
    code: 'ECONNREFUSED',
    detail: 'connect to it: ECONNREFUSED',
  } as const;
  return { source: '--management-url', url: MANAGEMENT, asked, proxy: null, kind: 'trouble', ...trouble, ...given };
}

export const CELL = { source: '--runtime-cell-url', url: RUNTIME } as const;
export const READY = { account: { status: 'ready' } };
export const ACTIVE = { lifecycle: 'active', health: 'healthy', evaluator_digest: 'sha256:77aa01b2c3' };

export const BUNDLE: Bundle = {
  kind: 'read',
  appId: 'shop',
  status: 'passed',
  failing: [],
  failed: 0,
  redactionFindings: 0,
  evaluatorDigest: 'sha256:77aa01b2c3',
};

function outcome<T extends object>(usual: T, given: Partial<T> | Outcome | undefined): Outcome {
  if (given !== undefined && isOutcome(given)) return given;
  return value({ ...usual, ...given } as never) as Outcome;
}

/** Judges a scene: the rows of all checks by name. */
export function judgeScene(scene: Scene): { readonly [check: string]: Row } {
  const environment: Environment = {
    management: [{ source: '--management-url', url: MANAGEMENT }],
    runtime: { source: '--runtime-cell-url', url: RUNTIME },
    malformed: [],
    empty: [],
    token: 'unset',
    agentmailKey: false,
    ...scene.environment,
  };
  const { management = answered(200), from } = scene;
  const planes = Array.isArray(management) ? management : [management];
  const text: ReportedOutput | null =
    from === undefined ? null : { ...readOutput(from, { failed: true }), bytes: from.length, cut: false };
  const given: Given = Object.fromEntries<Outcome>([
    ['jacqos.environment', value(environment as never)],
    ['jacqos.app-dir', outcome<AppDir>({ dir: '/app', toml: 'there', appId: 'shop', problem: null }, scene.app)],
    [
      'jacqos.bundle',
      outcome<BundleFact>({ path: '/app/generated/verification/shop.json', found: BUNDLE, newer: null }, scene.bundle),
    ],
    [
      'jacqos.session-folder',
      outcome<SessionFolder>(
        {
          path: '/app/.jacqos/cloud',
          kind: 'folder',
          files: 1,
          writable: true,
          writesTo: '/app/.jacqos/cloud',
          secrets: [],
          unread: 0,
        },
        scene.folder,
      ),
    ],
    ['jacqos.cli-program', scene.program ?? value({ path: '/usr/local/bin/jacqos' })],
    ['jacqos.cli-version', scene.version ?? value({ kind: 'known', version: '1.0.0' })],
    ['jacqos.readiness', outcome<CommandAnswer>(printed(READY), scene.readiness)],
    ['jacqos.status', outcome<CommandAnswer>(printed(ACTIVE), scene.status)],
    [
      'jacqos.management-health',
      !Array.isArray(management) && isOutcome(management as Health)
        ? (management as Outcome)
        : value({ planes } as never),
    ],
    ['jacqos.runtime-health', outcome<Health>(answered(200, CELL), scene.runtime as never)],
    [
      'jacqos.observe',
      scene.observed === undefined
        ? notApplicable('the runtime is asked with --deep only')
        : outcome({} as RuntimeObservation, scene.observed),
    ],
    ['jacqos.reported', text === null ? notApplicable('no --from was given') : value(text as never)],
  ]);
  return judgeFacts(jacqos, given, { now: 0 });
}

/** The first failing id of a scene, as in the report's headline. */
export function headline(scene: Scene): string | null {
  for (const row of Object.values(judgeScene(scene)))
    for (const { id, severity } of row.findings) if (severityOf[id] === 'fail' && severity !== 'warn') return id;
  return null;
}
