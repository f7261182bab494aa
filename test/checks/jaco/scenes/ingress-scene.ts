import { jaco } from '../../../../checks/jaco.ts';
import { type Failure, notApplicable, type Outcome } from '../../../../src/engine/outcome.ts';
import type { Container } from '../../../../src/probes/docker/containers.ts';
import type { Listener } from '../../../../src/probes/host/listeners.ts';
import type { ContainerPorts } from '../../../../src/probes/jaco/ingress/container-ports.ts';
import type { LoadedRoute, ProxyConfig } from '../../../../src/probes/jaco/ingress/parse-proxy-config.ts';
import type { RouteAnswer } from '../../../../src/probes/jaco/ingress/route-answers.ts';
import type { UpstreamConnect } from '../../../../src/probes/jaco/ingress/upstream-connects.ts';
import type { ProxyLines } from '../../../../src/probes/jaco/journal/proxy-lines.ts';
import type { Declaration } from '../../../../src/probes/jaco/runtime/declared-routes.ts';
import type { Deployment } from '../../../../src/probes/jaco/runtime/deployments.ts';
import type { Replica } from '../../../../src/probes/jaco/runtime/replica-fact.ts';
import type { Route } from '../../../../src/probes/jaco/runtime/stored-ingress.ts';
import { type Given, judgeFacts, onlyGroups, outcomeOf } from '../../scene.ts';
import { deployment, NOW, replica } from './runtime-scene.ts';

export { NOW } from './runtime-scene.ts';

const HERE = 'jaco-1';
const DAEMON = 700;
const HOUR = 3_600_000;

/** The route of a shop. */
export function route(given: Partial<Route> = {}): Route {
  return { domain: 'shop.test', path: '', deployment: 'shop', service: 'web', port: 8080, tls: 'off', ...given };
}

/** A replica of the shop that the proxy can use. */
export function usable(given: Partial<Replica> = {}): Replica {
  return replica({ ips: { jaco_shop_back: '10.244.0.2' }, startedAtMs: NOW - HOUR, ...given });
}

/** The proxy's loaded form of {@link route}. */
export function loaded(given: Partial<LoadedRoute> = {}): LoadedRoute {
  return { domain: 'shop.test', pattern: '', upstreams: ['10.244.0.2:8080'], ...given };
}

/** A configuration with these routes. */
export function config(...routes: readonly LoadedRoute[]): ProxyConfig {
  return { kind: 'loaded', routes, published: [], omitted: 0 };
}

/** A listening TCP socket; of the daemon by default. */
export function socket(port: number, given: Partial<Listener> = {}): Listener {
  return { protocol: 'tcp', address: '::', port, uid: 0, pid: DAEMON, program: 'jacod', ...given };
}

/** Sockets of a daemon whose proxy listens. */
export const SOCKETS: readonly Listener[] = [socket(2019, { address: '127.0.0.1' }), socket(80), socket(443)];

export const accepts = (dial = '10.244.0.2:8080'): UpstreamConnect => ({ dial, kind: 'connected', code: null });
export const refuses = (dial = '10.244.0.2:8080'): UpstreamConnect => ({ dial, kind: 'refused', code: 'ECONNREFUSED' });

/** The default is a healthy node with one route. A failure represents a probe that could not run. */
export type Scene = {
  readonly routes?: readonly Route[] | 'not-recorded';
  readonly declared?: readonly Declaration[];
  readonly deployments?: readonly Deployment[];
  readonly rows?: readonly Replica[];
  readonly config?: ProxyConfig | Failure;
  readonly sockets?: readonly Listener[];
  readonly lines?: Partial<ProxyLines>;
  readonly connects?: readonly UpstreamConnect[];
  readonly ports?: readonly ContainerPorts[];
  readonly containers?: readonly Container[];
  /** With `--deep`: what the applications answered. */
  readonly answers?: readonly RouteAnswer[];
  /** Replicas whose old health report was renewed during the run. */
  readonly beating?: readonly string[];
  /** Whether another host is examined, over the network. */
  readonly remote?: boolean;
  /** When the daemon was started, ms since the epoch. */
  readonly started?: number;
};

/** The checks of the ingress over a scene: one row each, by name. */
export function judgeIngress(scene: Scene = {}) {
  const { remote = false, routes = [route()] } = scene;
  const onNode = (given: unknown): Outcome =>
    remote ? notApplicable('visible only on the node itself') : outcomeOf(given);
  const stored =
    routes === 'not-recorded'
      ? {}
      : {
          routes: { list: routes, omitted: 0 },
          certificates: { list: [], omitted: 0 },
          declared: scene.declared ?? [],
        };
  const isEmpty = routes === 'not-recorded' || routes.length === 0;
  const given: Given = {
    'jaco.deployments': outcomeOf({ list: scene.deployments ?? [deployment()], omitted: 0, ...stored }),
    'jaco.replicas': outcomeOf({ rows: scene.rows ?? [usable()], omitted: 0 }),
    'jaco.replica-beats': outcomeOf({ beating: scene.beating ?? [] }),
    'jaco.raft-host': outcomeOf({ hostname: HERE, vantage: remote ? 'outside' : 'node' }),
    'host.identity': onNode({ hostname: HERE, root: true }),
    'jaco.process': onNode({
      main: { pid: DAEMON, uid: 0, startedAtMs: scene.started ?? NOW - HOUR },
      from: 'unit',
      socketDirPrivate: false,
      others: [],
    }),
    'jaco.daemon-network': onNode({ seen: true }),
    'jaco.proxy-ports': onNode({ admin: 2019, http: 80, https: 443 }),
    'jaco.proxy-config':
      isEmpty && scene.config === undefined
        ? notApplicable('no route is stored')
        : onNode(scene.config ?? config(loaded())),
    'jaco.proxy-lines': onNode({ seen: true, loadedAtMs: NOW - HOUR, refusal: null, ...scene.lines }),
    'jaco.upstream-connects': onNode({ list: scene.connects ?? [accepts()], omitted: 0 }),
    'jaco.container-ports': onNode(scene.ports ?? []),
    'jaco.route-answers':
      scene.answers === undefined ? notApplicable('not asked') : onNode({ list: scene.answers, omitted: 0 }),
    'host.listeners': onNode({ listeners: scene.sockets ?? SOCKETS, unix: [], holdersVisible: true }),
    'docker.containers': onNode({ list: scene.containers ?? [], omitted: 0 }),
  };
  return judgeFacts(onlyGroups(jaco, 'ingress'), given, { now: NOW, mode: remote ? 'anywhere' : 'node' });
}
