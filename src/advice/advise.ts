import type { Condition, Entry, Step } from '../catalog/entry.ts';
import type { Finding } from '../engine/finding.ts';
import type { Situation } from '../engine/situation.ts';

/** A step to print: resolved for this host. Exactly one of `run` and `do` is set. */
export type FixStep = {
  readonly why: string;
  readonly run: readonly string[] | null;
  readonly do: string | null;
  readonly effect: Step['effect'];
  readonly on: string;
  readonly needs: Step['needs'];
  readonly note: string | null;
};

/** What to do about a finding: steps in order, and the command that shows whether they helped. */
export type Advice = { readonly fix: readonly FixStep[]; readonly verify: readonly string[] };

/** How this run was called, as far as a command that repeats part of it must say again. Never a token. */
export type Invocation = { readonly command: readonly string[]; readonly flags: readonly string[] };

const PLACEHOLDER = /\{([a-z_]+)\}/g;

/** Resolves a catalogue entry for a finding on this host, leaving out what does not fit it and what would do harm. */
export function advise(entry: Entry, finding: Finding, situation: Situation, invocation: Invocation): Advice {
  const fitting = entry.fix
    .filter((step) => fitsCause(step, finding))
    .map((step) => (holds('no-systemd', situation, finding) ? withoutSystemd(step) : step))
    .filter((step) => step.when.every((condition) => holds(condition, situation, finding)));
  const safe = fitting.filter((step) => step.effect !== 'destructive' || situation.withhold === null);
  const fix = safe.map((step) => resolve(step, finding, situation));
  if (safe.length < fitting.length && situation.withhold !== null) fix.push(withheld(situation.withhold));
  return { fix, verify: verifyOf(entry, invocation) };
}

function fitsCause(step: Step, finding: Finding): boolean {
  return step.for.length === 0 || (finding.cause !== undefined && step.for.includes(finding.cause));
}

const RUNS_DAEMON = { start: 'Start', restart: 'Restart', stop: 'Stop' } as const;

/** Packages exist for hosts without systemd: what systemctl does to jacod or Docker there is done in that host's own way. */
function withoutSystemd(step: Step): Step {
  const [program, verb, unit] = step.run ?? [];
  if (!step.when.includes('systemd') || program !== 'systemctl' || !(verb !== undefined && verb in RUNS_DAEMON))
    return step;
  const word = RUNS_DAEMON[verb as keyof typeof RUNS_DAEMON];
  const when = step.when.filter((condition) => condition !== 'systemd');
  return {
    ...step,
    run: null,
    do: `${word} ${unit === 'docker' ? 'Docker' : 'the daemon'} the way this host does it; systemd did not boot it.`,
    when,
  };
}

/** A node that knows no leader may have found one all the same, by asking others. */
function holds(condition: Condition, situation: Situation, { values }: Finding): boolean {
  if (condition === 'leader' && values?.['leader_grpc'] !== undefined) return true;
  return situation.holds.includes(condition);
}

function resolve(step: Step, finding: Finding, situation: Situation): FixStep {
  const missing = new Set<string>();
  const assumed = new Set<string>();
  const fill = (text: string): string =>
    text.replace(PLACEHOLDER, (_, name: string) => {
      const known = finding.values?.[name] ?? (name === 'subject' ? finding.subject : situation.values[name]) ?? null;
      if (known !== null && finding.values?.[name] === undefined && situation.assumed.includes(name))
        assumed.add(known);
      if (known !== null) return known;
      missing.add(name);
      return `<${name.replaceAll('_', '-')}>`;
    });
  const why = fill(step.why);
  const run = step.run === null ? null : step.run.map(fill);
  const prose = step.do === null ? null : fill(step.do);
  const note = step.note === null ? null : fill(step.note);
  const unknown = [...missing].map((name) => `<${name.replaceAll('_', '-')}>`).join(', ');
  const asked = unknown === '' ? null : `${unknown} could not be learnt here: put it in yourself`;
  const usual = assumed.size === 0 ? null : `${[...assumed].join(', ')} is the usual place; that host was not seen`;
  return {
    why,
    run,
    do: prose,
    effect: step.effect,
    on: place(step.on, finding, situation),
    needs: step.needs,
    note: [note, asked, usual].filter((part) => part !== null).join('; ') || null,
  };
}

const PLACES: { readonly [on: string]: string } = {
  app: "the app's manifest",
  network: 'the network between nodes',
  'dns-zone': 'the DNS zone',
};

/** Where a step is run, in words: `affected-node` is the finding's subject, or this host where it has none. */
function place(on: string, finding: Finding, situation: Situation): string {
  if (on === 'affected-node') return finding.node ?? finding.subject ?? situation.host;
  if (on === 'leader') return situation.values['leader_name'] ?? 'the leader';
  if (on === 'other-node') return finding.values?.['silent'] ?? 'that node';
  return PLACES[on] ?? on.replaceAll('-', ' ');
}

function withheld(reason: string): FixStep {
  return {
    why: 'a step that destroys data is withheld',
    run: null,
    do: `Not shown, because ${reason}. Clear that up first.`,
    effect: 'read',
    on: 'this host',
    needs: 'nobody',
    note: null,
  };
}

function verifyOf({ verify }: Entry, { command, flags }: Invocation): readonly string[] {
  if (verify === null) return [];
  const needed = verify.flags.filter((flag) => !flags.includes(flag));
  return [...command, '--only', verify.only, ...needed, ...flags];
}
