import { type ChainDropper, evaluateBaseChain } from './evaluate-chain.ts';
import { unionOf } from './marks.ts';
import type { Packet } from './packet.ts';
import { applyChanges, mergeChanges, noChanges, type PacketChanges } from './packet-changes.ts';
import { CONNTRACK_PRIORITY, DESTINATION_NAT_PRIORITY, type HookStep, type Path, SOURCE_NAT_PRIORITY } from './path.ts';
import type { Chain, ChainBase, Rewrite, Rule, Table } from './table.ts';

/** A rule, or the policy of a base chain (a null rule), that drops or rejects a packet. */
export type Dropper = {
  readonly table: Table;
  readonly chain: string;
  readonly rule: Rule | null;
};

/** A dropper on a path. `doubts` are rules before it that were not understood, as text. */
export type PathDropper = Dropper & {
  readonly path: string;
  readonly family: HookStep['family'];
  readonly hook: HookStep['hook'];
  readonly priority: number;
  /** `sure` if it does not depend on unknown parts; else `possible`. */
  readonly certainty: 'sure' | 'possible';
  readonly doubts: readonly string[];
  /** The interfaces of its chain, if that has an ingress or egress hook and they are known. */
  readonly devices: readonly string[] | undefined;
};

/** A rule that translates the packet's addresses or ports. */
export type PathRewrite = {
  readonly table: Table;
  readonly chain: string;
  readonly rule: Rule;
  readonly rewrite: Rewrite;
  readonly hook: HookStep['hook'];
  readonly priority: number;
  readonly certainty: 'sure' | 'possible';
};

/** What the rules may do to a packet, in the order in which the kernel evaluates them. */
export type PathExplanation = {
  readonly passes: 'yes' | 'maybe' | 'no';
  readonly droppers: readonly PathDropper[];
  readonly rewrites: readonly PathRewrite[];
  /** Rules that were not understood, as text. */
  readonly doubts: readonly string[];
  /** Marks of the connection after the packet has left; its answer has them too. */
  readonly ctMark: Packet['ctMark'];
};

/** The explanation of a measured loss. */
export type LossExplanation =
  /** A drop that is sure, or the only possible one: nothing else can have lost the packet. */
  | { readonly kind: 'explained'; readonly by: PathDropper; readonly how: 'sure' | 'only-dropper' }
  /** Several rules may have dropped it, or no rule did. */
  | { readonly kind: 'unexplained'; readonly candidates: readonly PathDropper[] };

/**
 * Evaluates a packet on its path through all active tables. `ctMark` are the possible marks of its connection; the
 * default is the marks of the path's first packet.
 */
export function explainPath(tables: readonly Table[], path: Path, ctMark?: Packet['ctMark']): PathExplanation {
  const droppers: PathDropper[] = [];
  const rewrites: PathRewrite[] = [];
  const doubts = new Set<string>();
  const [first] = path.steps;
  let way = first === undefined ? null : noChanges(first.packet);
  if (way !== null && ctMark !== undefined) way = { ...way, ctMark };
  for (const step of path.steps) {
    if (way === null) break;
    way = { ...way, bound: 'no' };
    for (const place of chainsAt(tables, step)) {
      if (way === null) break;
      const before: PacketChanges = way;
      const walked = walkPlace(place, step, before, path);
      if (walked === null) continue;
      droppers.push(...walked.droppers.map((dropper) => onPath(dropper, place, step, path)));
      rewrites.push(
        ...walked.rewrites.map(({ sure, ...rewrite }) => {
          const certainty = sure ? ('sure' as const) : ('possible' as const);
          return { ...rewrite, table: place.table, hook: step.hook, priority: place.base.priority, certainty };
        }),
      );
      for (const doubt of walked.doubts) doubts.add(doubt);
      way =
        step.seldom || hasUnknownDevice({ family: step.family, devices: place.base.devices })
          ? mergeChanges(before, walked.passed)
          : walked.passed;
    }
  }
  return {
    passes: way === null ? 'no' : droppers.length > 0 ? 'maybe' : 'yes',
    droppers: once(droppers),
    rewrites,
    doubts: [...doubts],
    ctMark: way?.ctMark ?? null,
  };
}

/**
 * Names the rule that lost a packet or its answer, after the loss was measured. `paths` are those of the packet and of
 * its answer, in order. A rule that might have accepted the packet evidently did not. So the only possible drop
 * explains the loss, even if it is not sure alone.
 */
export function explainMeasuredLoss(tables: readonly Table[], paths: readonly Path[]): LossExplanation {
  const candidates: PathDropper[] = [];
  let ctMark: Packet['ctMark'] | undefined;
  for (const path of paths) {
    const explanation = explainPath(tables, path, ctMark);
    candidates.push(...explanation.droppers);
    const sure = explanation.droppers.find(({ certainty }) => certainty === 'sure');
    if (sure !== undefined) return { kind: 'explained', by: sure, how: 'sure' };
    ctMark = unionOf(ctMark ?? [], explanation.ctMark);
  }
  const [only, ...others] = once(candidates);
  return only !== undefined && others.length === 0 && !hasUnknownDevice(only)
    ? { kind: 'explained', by: only, how: 'only-dropper' }
    : { kind: 'unexplained', candidates: once(candidates) };
}

/** Rules that redirect a packet to another address or port. */
export function rewrites(tables: readonly Table[], path: Path): readonly PathRewrite[] {
  return explainPath(tables, path).rewrites.filter(({ rewrite: { kind } }) => kind === 'dnat' || kind === 'redirect');
}

type Place = { readonly table: Table; readonly chain: Chain; readonly base: ChainBase; readonly at: number };

/** Among chains with equal priority, the kernel evaluates the newest first, and lists them in the order of creation. */
function chainsAt(tables: readonly Table[], step: HookStep): readonly Place[] {
  const [first, last] = step.priorities ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return tables
    .filter((table) => table.dormant !== true)
    .flatMap((table) => basesOf(table))
    .filter(({ table, base }) => isEntered(table, base, step))
    .map((place) => ({ ...place, at: priorityOf(place.base) }))
    .filter(({ at }) => first <= at && at <= last)
    .reverse()
    .sort((a, b) => a.at - b.at || natLast(a) - natLast(b) || a.base.priority - b.base.priority);
}

const BASES = new WeakMap<Table, readonly Omit<Place, 'at'>[]>();

function basesOf(table: Table): readonly Omit<Place, 'at'>[] {
  const known =
    BASES.get(table) ??
    table.chains.flatMap((chain) => (chain.base === null ? [] : [{ table, chain, base: chain.base }]));
  BASES.set(table, known);
  return known;
}

function isEntered({ family }: Table, { hook, devices }: ChainBase, step: HookStep): boolean {
  if (hook !== step.hook) return false;
  if (step.family === 'netdev')
    return ['netdev', 'inet'].includes(family) && (devices === undefined || devices.includes(step.device ?? ''));
  return step.family === 'ip' ? ['ip', 'inet'].includes(family) && hook !== 'ingress' : family === step.family;
}

/** nft 1.0 does not list the interfaces of some chains, so a packet may or may not reach them. */
function hasUnknownDevice({
  family,
  devices,
}: {
  readonly family: string;
  readonly devices?: readonly string[] | undefined;
}): boolean {
  return family === 'netdev' && devices === undefined;
}

/** The kernel evaluates all chains of type nat at the point of translation. Their priority only orders them. */
function priorityOf({ type, hook, priority }: ChainBase): number {
  if (type !== 'nat') return priority;
  return hook === 'prerouting' || hook === 'output' ? DESTINATION_NAT_PRIORITY : SOURCE_NAT_PRIORITY;
}

function natLast({ base }: Place): number {
  return base.type === 'nat' ? 1 : 0;
}

function walkPlace({ table, chain, base, at }: Place, step: HookStep, way: PacketChanges, path: Path) {
  const packet = { ...step.packet, state: stateAt(at, step) };
  const masqueradeAs = path.masqueradeAs ?? null;
  if (base.type !== 'nat') return evaluateBaseChain(table, chain, packet, way, masqueradeAs);
  // The first packet of a connection decides its translation, with the first rule that matches.
  const { state } = applyChanges(way, packet);
  if ((state !== 'new' && state !== null) || way.bound === 'yes') return null;
  const walked = evaluateBaseChain(table, chain, packet, way, masqueradeAs);
  if (state === 'new' && way.bound === 'no') return walked;
  return {
    ...walked,
    droppers: walked.droppers.map((dropper) => ({ ...dropper, sure: false })),
    rewrites: walked.rewrites.map((rewrite) => ({ ...rewrite, sure: false })),
    passed: mergeChanges(way, walked.passed),
  };
}

/** Before connections are tracked, rules see every packet as invalid. */
function stateAt(priority: number, { family, hook, packet }: HookStep): Packet['state'] {
  if (family === 'netdev' && hook === 'ingress') return 'invalid';
  if (family !== 'ip' || (hook !== 'prerouting' && hook !== 'output') || priority > CONNTRACK_PRIORITY)
    return packet.state;
  return priority < CONNTRACK_PRIORITY ? 'invalid' : null;
}

function onPath(dropper: ChainDropper, { table, base }: Place, step: HookStep, { what }: Path): PathDropper {
  const { sure, ...rest } = dropper;
  const { family, hook } = step;
  const isUnknown = hasUnknownDevice({ family, devices: base.devices });
  const certainty = sure && step.seldom !== true && !isUnknown ? 'sure' : 'possible';
  const doubts = isUnknown ? [...rest.doubts, `nft does not list the interfaces of chain ${rest.chain}`] : rest.doubts;
  return {
    ...rest,
    doubts,
    devices: base.devices,
    table,
    path: what,
    family,
    hook,
    priority: base.priority,
    certainty,
  };
}

/** Joins a rule that is reached in several ways into one drop. It is sure if one way is sure. */
function once(droppers: readonly PathDropper[]): readonly PathDropper[] {
  const known = new Map<string | Rule, PathDropper>();
  for (const dropper of droppers) {
    const { table, chain, rule } = dropper;
    const key = rule ?? [table.from, table.family, table.name, chain].join(' ');
    if (!known.has(key) || dropper.certainty === 'sure') known.set(key, dropper);
  }
  return [...known.values()];
}
