import type { Condition, Entry, Step } from '../catalog/entry-schema.ts';
import type { AnyFinding } from '../engine/finding.ts';
import type { Situation } from '../engine/situation.ts';
import { fitsRelease, rangeText } from './release-range.ts';

/** A step to print, resolved for this host. Exactly one of `run` and `do` is set. */
export type FixStep = {
  readonly why: string;
  readonly run: readonly string[] | null;
  readonly do: string | null;
  readonly effect: Step['effect'];
  readonly on: string;
  readonly needs: Step['needs'];
  readonly note: string | null;
};

/** The advice on a finding: steps in order, and the command that verifies them. */
export type Advice = { readonly fix: readonly FixStep[]; readonly verify: readonly string[] };

/**
 * The command and the flags that a printed command repeats. Never a token. `selection` are the flags that chose the
 * checks of this run.
 */
export type Invocation = {
  readonly command: readonly string[];
  readonly flags: readonly string[];
  readonly selection: readonly string[];
};

const PLACEHOLDER = /\{([a-z_]+)\}/g;

/** Resolves a catalogue entry for a finding on this host. Steps that do not apply or could do harm are left out. */
export function advise(entry: Entry, finding: AnyFinding, situation: Situation, invocation: Invocation): Advice {
  const matching = entry.fix.filter((step) => matchesCause(step, finding) && fitsRelease(step, situation) !== 'no');
  const isWithoutSystemd = isMet('no-systemd', situation, finding);
  const applicable = matching
    .map((step) =>
      isWithoutSystemd && !hasOwnWay(step, matching)
        ? withoutSystemd(step, locationOf(step.on, finding, situation) === situation.host)
        : step,
    )
    .filter((step) => step.when.every((condition) => isMet(condition, situation, finding)));
  const harmless = applicable.filter((step) => step.effect !== 'destructive' || situation.withhold === null);
  const fix = elsewhereOnce(harmless).map((step) => resolveStep(step, finding, situation));
  if (harmless.length < applicable.length && situation.withhold !== null) fix.push(withheldStep(situation.withhold));
  return { fix, verify: verifyCommand(entry, invocation) };
}

function matchesCause(step: Step, finding: AnyFinding): boolean {
  return step.for.length === 0 || (finding.cause !== undefined && step.for.includes(finding.cause));
}

const RUNS_DAEMON = { start: 'Start', restart: 'Restart', stop: 'Stop' } as const;

/** Whether the entry itself has a step for restarting the program of a systemctl step on a host without systemd. */
function hasOwnWay({ run, effect }: Step, steps: readonly Step[]): boolean {
  const isDocker = run?.includes('docker') ?? false;
  return steps.some(
    (other) =>
      other.when.includes('no-systemd') && other.effect === effect && other.do?.includes('Docker') === isDocker,
  );
}

/** Rewrites a step of systemd if this host does not run it. Whether another host does is not known. */
function withoutSystemd(step: Step, isHere: boolean): Step {
  const [program, verb, unit] = step.run ?? [];
  if (program === 'journalctl' && isHere && !step.when.includes('systemd'))
    return { ...step, run: null, do: logInstruction(step.run ?? []) };
  if (!isHere && (program === 'journalctl' || program === 'systemctl'))
    return {
      ...step,
      note: sentences(step.note, ELSEWHERE),
      when: step.when.filter((condition) => condition !== 'systemd'),
    };
  if (!step.when.includes('systemd') || program !== 'systemctl' || !(verb !== undefined && verb in RUNS_DAEMON))
    return step;
  const action = RUNS_DAEMON[verb as keyof typeof RUNS_DAEMON];
  const when = step.when.filter((condition) => condition !== 'systemd');
  return {
    ...step,
    run: null,
    do: `${action} ${unit === 'docker' ? 'Docker' : 'the daemon'} with the service manager or start script of this host, which does not run systemd.`,
    when,
  };
}

const ELSEWHERE = 'If a host does not run systemd, use its own service manager and log.';

/** The steps, with the remark about other hosts only at the first of them. */
function elsewhereOnce(steps: readonly Step[]): readonly Step[] {
  const first = steps.findIndex(({ note }) => note?.endsWith(ELSEWHERE));
  return steps.map((step, index) =>
    index > first && step.note?.endsWith(ELSEWHERE)
      ? { ...step, note: step.note.slice(0, -ELSEWHERE.length).trim() || null }
      : step,
  );
}

/** Where the log is, and for which word of `--grep` to search. */
function logInstruction(argv: readonly string[]): string {
  const pattern = argv[argv.indexOf('--grep') + 1];
  const search = argv.includes('--grep') ? ` Search for ${pattern}.` : '';
  return `Read the log of the daemon where the service manager or start script of this host writes it.${search}`;
}

/** Whether a condition holds. A node that knows no leader may have learned one from other nodes. */
function isMet(condition: Condition, situation: Situation, { values }: AnyFinding): boolean {
  if (condition === 'leader' && values?.['leader_grpc'] !== undefined) return true;
  return situation.holds.includes(condition);
}

function resolveStep(step: Step, finding: AnyFinding, situation: Situation): FixStep {
  const missing = new Set<string>();
  const assumed = new Set<string>();
  const fill = (text: string, asPattern = false): string =>
    text.replace(PLACEHOLDER, (_, name: string) => {
      const replacement =
        finding.values?.[name] ?? (name === 'subject' ? finding.subject : situation.values[name]) ?? null;
      if (replacement !== null && finding.values?.[name] === undefined && situation.assumed.includes(name))
        assumed.add(replacement);
      // journalctl --grep takes a pattern, in which the name of a wildcard domain is not valid.
      if (replacement !== null) return asPattern ? replacement.replace(/[*+?^$()[\]{}|\\]/g, '\\$&') : replacement;
      missing.add(name);
      return `<${name.replaceAll('_', '-')}>`;
    });
  const why = fill(step.why);
  const run = step.run === null ? null : step.run.map((word, index, argv) => fill(word, argv[index - 1] === '--grep'));
  const prose = step.do === null ? null : fill(step.do);
  const note = step.note === null ? null : fill(step.note);
  const on = locationOf(step.on, finding, situation);
  // The range is not printed if the release is known to be in it.
  const range = fitsRelease(step, situation) === 'unknown' ? rangeText(step) : null;
  const missingNotes = [...missing].map((name) => {
    const placeholder = `<${name.replaceAll('_', '-')}>`;
    return name === 'leader_grpc'
      ? `replace ${placeholder} with the leader's address and operator port, for example 10.0.0.1:7000`
      : `${placeholder} could not be determined here; replace it yourself`;
  });
  const assumedNote =
    assumed.size === 0 ? null : `${[...assumed].join(', ')} is the default path; it was not checked on that host`;
  return {
    why,
    run,
    do: prose,
    effect: step.effect,
    on,
    // root of a node has no right at a firewall or a router.
    needs: step.on === 'network' ? 'none' : step.needs,
    note: sentences(note, majorityNote(step, on, situation), range, ...missingNotes, assumedNote),
  };
}

/** Several remarks become sentences; a single one is unchanged. */
function sentences(...remarks: readonly (string | null)[]): string | null {
  const parts = remarks.filter((part) => part !== null);
  if (parts.length < 2) return parts[0] ?? null;
  return parts
    .map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}${/[.!?]$/.test(part) ? '' : '.'}`)
    .join(' ');
}

/** What a restart of jacod costs, if the cluster has no voter to spare. */
function majorityNote({ run, do: prose, effect }: Step, on: string, { needed }: Situation): string | null {
  const isDaemon = run === null ? /\bthe daemon\b/.test(prose ?? '') : run[0] === 'systemctl' && run[2] === '{unit}';
  if (effect !== 'restart' || !isDaemon || run?.[1] === 'start' || !needed.includes(on)) return null;
  return `without ${on} the voters have no majority: writes fail until it is back and a leader is elected`;
}

const LOCATIONS: { readonly [on: string]: string } = {
  app: "the app's manifest",
  network: 'the network',
  'dns-zone': 'the DNS zone',
};

/** The location of a step: `affected-node` is the subject of the finding, or this host if it has none. */
function locationOf(on: string, finding: AnyFinding, situation: Situation): string {
  if (on === 'affected-node') return finding.node ?? finding.subject ?? situation.host;
  if (on === 'leader') return situation.values['leader_name'] ?? 'the leader';
  if (on === 'other-node') return finding.values?.['silent'] ?? 'that node';
  return LOCATIONS[on] ?? on.replaceAll('-', ' ');
}

function withheldStep(reason: string): FixStep {
  return {
    why: 'a step that destroys data is withheld',
    run: null,
    do: `Not shown, because ${reason}. Clear that up first.`,
    effect: 'read',
    on: 'this host',
    needs: 'none',
    note: null,
  };
}

function verifyCommand({ verify }: Entry, { command, flags }: Invocation): readonly string[] {
  if (verify === null) return [];
  const needed = verify.flags.filter((flag) => !flags.includes(flag));
  return [...command, '--only', verify.only, ...needed, ...flags];
}
