import { check } from '../../src/engine/check.ts';
import { type Cause, type Finding, judged, pass, unknown } from '../../src/engine/finding.ts';
import { formatTime } from '../../src/engine/format.ts';
import { attempt } from '../../src/engine/probe.ts';
import { controlConnect } from '../../src/probes/jaco/control/control-connect.ts';
import { type JacodConfig, jacodConfig } from '../../src/probes/jaco/daemon/jacod-config.ts';
import { jacodProcess, START_ACCURACY_MS } from '../../src/probes/jaco/daemon/jacod-process.ts';
import { unit } from '../../src/probes/jaco/daemon/unit.ts';
import { type StartFailure, startFailure } from '../../src/probes/jaco/journal/start-failure.ts';

type CheckFinding = Finding<
  'dns_forwarder_loop' | 'config_invalid' | 'config_invalid_on_restart',
  'config' | 'unit' | 'connect'
>;

export default check({
  name: 'daemon-config',
  group: 'daemon',
  where: 'node',
  title: 'jacod accepts its configuration file',
  reads: { config: jacodConfig, process: attempt(jacodProcess), failure: attempt(startFailure) },
  explains: { unit, connect: controlConnect },
  finds: ['dns_forwarder_loop', 'config_invalid', 'config_invalid_on_restart'],
  judge({ config, process, failure }) {
    const main = process.kind === 'value' ? process.value.main : null;
    const used = main?.configPath ?? null;
    const notes = configNotes(config, used);
    if (main !== null) {
      if (config.problem === null) return pass([readAs(config, used)], { notes });
      if (startedOn(config, main)) {
        const note = `the daemon has been running with this file since ${formatTime(main.startedAtMs)}, so it accepts what the doctor would reject: ${config.problem.message}`;
        return pass([readAs(config, used)], { notes: [...notes, note] });
      }
      return judged([onRestart(config, config.problem, main.startedAtMs)], { notes });
    }
    if (process.kind === 'failed' && config.problem !== null)
      return unknown(
        `the daemon would reject its file (${config.problem.message}), but whether it is running could not be determined`,
        process.failure,
      );
    const last = failure.kind === 'value' ? failure.value.last : null;
    const finding = config.problem === null ? fromLastStart(config, last) : fromFile(config, config.problem, last);
    if (finding !== null) return judged([finding], { notes });
    const fixed =
      last !== null && isConfig(last)
        ? [
            `the daemon last rejected its file at ${formatTime(last.atMs)} (${last.error}); the file was changed after that`,
          ]
        : [];
    return pass([readAs(config, used)], { notes: [...notes, ...fixed] });
  },
});

function readAs({ path, present, from }: JacodConfig, used: string | null): string {
  const named = {
    given: ', named with --config',
    unit: ', named by the unit',
    process: ', read by the running daemon',
    default: '',
  }[from];
  if (present) return `${path}${named}: jacod accepts it`;
  const reader = from === 'given' && used !== path ? 'a daemon that reads it uses' : 'so the daemon uses';
  return `${path}${named}: there is no such file, ${reader} its defaults`;
}

function configNotes({ path, present, from }: JacodConfig, used: string | null): readonly string[] {
  const other =
    from === 'given'
      ? `the running daemon was told to read ${used}, not ${path}`
      : `the running daemon read ${used}; at its next start it reads ${path}, because its unit was changed`;
  return [
    ...(present ? [] : [`a missing ${path} is allowed: every key then has its default; jacod rejects an empty file`]),
    ...(used !== null && used !== path ? [other] : []),
  ];
}

/** Whether the running daemon read the current file. */
function startedOn(config: JacodConfig, main: { startedAtMs: number | null; configPath: string | null }): boolean {
  if (main.configPath !== null && main.configPath !== config.path) return false;
  return (
    main.startedAtMs !== null &&
    config.changedAtMs !== null &&
    config.changedAtMs <= main.startedAtMs + START_ACCURACY_MS
  );
}

type Problem = NonNullable<JacodConfig['problem']>;
type Last = NonNullable<StartFailure['last']>;

function onRestart(config: JacodConfig, problem: Problem, startedAtMs: number | null): CheckFinding {
  const evidence = [
    describeProblem(config, problem),
    `the daemon was started at ${formatTime(startedAtMs)}; the file was changed at ${formatTime(config.changedAtMs)}`,
  ];
  const cause = problem.key === null ? 'whole-file' : 'named-key';
  return { id: 'config_invalid_on_restart', subject: null, evidence, cause, values: valuesOf(config, problem.key) };
}

function fromFile(config: JacodConfig, problem: Problem, last: Last | null): CheckFinding {
  const isSame = last?.error.includes(problem.message) ?? false;
  const logged =
    last !== null && isConfig(last)
      ? [
          isSame
            ? `jacod exited at ${formatTime(last.atMs)} with this error`
            : `jacod exited at ${formatTime(last.atMs)}: ${last.error}`,
        ]
      : [];
  const evidence = [describeProblem(config, problem), ...logged];
  if (problem.kind === 'loop') return loopCause(config, problem.value, evidence);
  const cause = problem.cause === null ? {} : { cause: problem.cause };
  return {
    id: 'config_invalid',
    subject: null,
    ...rejectedKey(problem),
    evidence,
    ...cause,
    values: valuesOf(config, problem.key),
    explains: ['unit', 'config', 'connect'],
  };
}

function rejectedKey({ key, cause }: Problem): Pick<CheckFinding, 'title' | 'meaning'> {
  if (key === null || cause !== 'unknown-key') return {};
  return {
    title: `jacod rejects the key ${key} in jacod.yaml and does not start`,
    meaning: `jacod accepts only documented keys. ${key} is not one of them.`,
  };
}

/**
 * The daemon rejected a file that this parser accepts. Its release may know more or fewer keys than this version of the
 * doctor.
 */
function fromLastStart(config: JacodConfig, last: Last | null): CheckFinding | null {
  if (last === null || !isConfig(last)) return null;
  if (config.changedAtMs !== null && config.changedAtMs > last.atMs) return null;
  const { reason } = last;
  const evidence = [`jacod exited at ${formatTime(last.atMs)}: ${last.error}`];
  if (reason.kind === 'forwarder-loop') return loopCause(config, reason.forwarder, evidence);
  const cause: Cause<'config_invalid'> | null = reason.cause === 'unknown-key' ? 'key-too-new' : reason.cause;
  const known = cause === null ? {} : { cause };
  return {
    id: 'config_invalid',
    subject: null,
    evidence,
    ...known,
    values: valuesOf(config, reason.key),
    explains: ['unit', 'config', 'connect'],
  };
}

function loopCause(config: JacodConfig, forwarder: string | null, evidence: readonly string[]): CheckFinding {
  const values = { config: config.path, ...(forwarder === null ? {} : { forwarder }) };
  return {
    id: 'dns_forwarder_loop',
    subject: null,
    evidence,
    cause: 'forwarders',
    values,
    explains: ['unit', 'config', 'connect'],
  };
}

function isConfig(last: Last): last is Last & { reason: { kind: 'config' } | { kind: 'forwarder-loop' } } {
  return last.reason.kind === 'config' || last.reason.kind === 'forwarder-loop';
}

function describeProblem(
  { path, owner, group, mode, daemonUser }: JacodConfig,
  { kind, line, column, message }: Problem,
): string {
  if (kind === 'unreadable' && mode !== null)
    return `${message} (owner ${owner}:${group}, mode ${mode.toString(8).padStart(4, '0')}; the daemon runs as ${daemonUser ?? 'an unknown user'})`;
  return `${path}${line === null ? '' : `:${line}:${column}`}: ${message}`;
}

function valuesOf(config: JacodConfig, key: string | null): { readonly [name: string]: string } {
  return { config: config.path, ...(key === null ? {} : { key }) };
}
