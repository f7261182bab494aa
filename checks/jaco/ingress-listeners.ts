import { check } from '../../src/engine/check.ts';
import { type Finding, judged, type NotJudged, notJudgedBecause } from '../../src/engine/finding.ts';
import { formatDuration, formatTime } from '../../src/engine/format.ts';
import { factOf } from '../../src/engine/outcome.ts';
import { attempt } from '../../src/engine/probe.ts';
import { waitNote } from '../../src/engine/wait-note.ts';
import { type LoadState, loadState } from '../../src/probes/jaco/ingress/load-state.ts';
import { ownProxyPorts } from '../../src/probes/jaco/ingress/own-proxy-ports.ts';
import { type PortHolders, portHolders } from '../../src/probes/jaco/ingress/port-holders.ts';
import { proxyConfig } from '../../src/probes/jaco/ingress/proxy-config.ts';
import { proxyLines } from '../../src/probes/jaco/journal/proxy-lines.ts';
import { localNode } from '../../src/probes/jaco/raft/local-node.ts';
import { portConflicts } from './ingress-listeners/port-conflicts.ts';
import { refusedLoad } from './ingress-listeners/refused-load.ts';

type CheckFinding = Finding<'ingress_port_conflict' | 'ingress_load_failed', 'config'>;

export default check({
  name: 'ingress-listeners',
  group: 'ingress',
  where: 'node',
  title: 'the proxy of this node listens and has loaded every route',
  reads: {
    config: attempt(proxyConfig),
    state: attempt(loadState),
    holders: portHolders,
    ports: ownProxyPorts,
    lines: attempt(proxyLines),
    host: localNode,
  },
  finds: ['ingress_port_conflict', 'ingress_load_failed'],
  applies: ({ config }) => config.kind !== 'not-applicable' || config.reason,
  judge({ config, state: compared, holders, ports, lines, host: { hostname } }, now) {
    const logged = factOf(lines) ?? { seen: false, loadedAtMs: null, refusal: null };
    const state = factOf(compared);
    const conflicts = portConflicts(holders, logged, state, now);
    const refused = refusedLoad(logged, state, now);
    const found: readonly CheckFinding[] = [...conflicts.findings, ...(refused === null ? [] : [refused])];
    const findings = found.map((finding): CheckFinding => ({ ...finding, node: hostname }));
    const isExplained = findings.length > 0 || conflicts.notes.length > 0;
    return judged(findings, {
      evidence: [
        ...describeLoaded(state, logged.loadedAtMs, now),
        ...describeListeners(holders, [ports.http, ports.https]),
      ],
      notes: [...conflicts.notes, ...(isExplained ? [] : waiting(state))],
      notJudged: isExplained
        ? []
        : [
            ...(config.kind === 'failed' ? [notJudgedBecause('the loaded routes', config.failure)] : []),
            ...loadNotJudged(state, logged.seen),
            ...holdersNotJudged(holders, state),
          ],
    });
  },
});

function describeLoaded(state: LoadState | null, loadedAtMs: number | null, now: number): readonly string[] {
  if (state?.kind !== 'loaded') return [];
  const age = loadedAtMs === null ? '' : `, since ${formatTime(loadedAtMs)} (for ${formatDuration(now - loadedAtMs)})`;
  return [`the proxy has loaded ${state.stored - state.missing.length} of ${state.stored} routes${age}`];
}

function describeListeners(holders: readonly PortHolders[], ports: readonly number[]): readonly string[] {
  const held = holders.filter(
    ({ daemon, protocol, port }) => daemon === true && protocol === 'tcp' && ports.includes(port),
  );
  return held.length === 0 ? [] : [`jacod listens on TCP ${held.map(({ port }) => port).join(' and ')}`];
}

/** The daemon writes the configuration within a second of an apply, and at its start as soon as it knows its state. */
function waiting(state: LoadState | null): readonly string[] {
  if (state?.young !== true) return [];
  if (state.kind === 'none') return [waitNote('the proxy has loaded no configuration yet; this takes some seconds')];
  if (state.kind !== 'loaded' || state.missing.length === 0) return [];
  return [waitNote(`the proxy has not loaded ${state.missing.slice(0, 5).join(', ')} yet; this takes some seconds`)];
}

function loadNotJudged(state: LoadState | null, isLogSeen: boolean): readonly NotJudged[] {
  if (state === null) return [];
  if (state.kind === 'foreign')
    return [
      {
        subject: 'the loaded routes',
        reason: "another program's configuration answers at the admin endpoint",
        next: {
          kind: 'do',
          text: 'Stop the other Caddy on this node, or move its admin endpoint from localhost:2019.',
        },
      },
    ];
  if (state.young || (state.kind === 'loaded' && state.missing.length === 0)) return [];
  const why = isLogSeen ? "the daemon's log does not say why" : 'the journal, which says why, could not be read';
  const subject = state.kind === 'loaded' ? state.missing.slice(0, 5).join(', ') : 'every route';
  return [
    {
      subject,
      reason: `the proxy of this node has not loaded it, and ${why}`,
      next: isLogSeen ? { kind: 'report' } : { kind: 'as-root' },
    },
  ];
}

/** The holder of a socket matters only if a configuration is missing: the daemon serves a complete one. */
function holdersNotJudged(holders: readonly PortHolders[], state: LoadState | null): readonly NotJudged[] {
  if (state?.kind === 'loaded' && state.missing.length === 0) return [];
  const hidden = holders
    .filter(({ daemon }) => daemon === null)
    .map(({ protocol, port }) => `${protocol.toUpperCase()} ${port}`);
  return hidden.length === 0
    ? []
    : [
        {
          subject: hidden.join(', '),
          reason: 'only root can see which program listens there',
          next: { kind: 'as-root' },
        },
      ];
}
