import { setTimeout as pause } from 'node:timers/promises';
import { factOf, failed, notApplicable, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { type HttpTarget, httpFailed, httpGet } from '../../io/http/http.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { probe } from '../jaco-probe.ts';
import { proxyLines } from '../journal/proxy-lines.ts';
import { ownProxyPorts } from './own-proxy-ports.ts';
import { type ProxyConfig, parseProxyConfig, pathPattern } from './parse-proxy-config.ts';
import { type Routes, routes } from './routes.ts';

const LIMIT_MS = 1_500;
/** A configuration of 10,000 routes has 4 MB. */
const MAX_BYTES = 8 * 1024 * 1024;
/** The daemon writes a configuration 200 ms after an event (docs/jaco-daemon/ingress.md#routing). */
const PAUSE_MS = 500;

/**
 * The configuration that the proxy of this node has loaded, from its admin endpoint. If it lacks a route, or a route
 * has no upstream, it is read again after a pause. Each read leaves a line in the daemon's log
 * (docs/jaco-daemon/ingress.md#proxy-configuration).
 */
export const proxyConfig = probe({
  name: 'jaco.proxy-config',
  after: { routes, network: daemonNetwork, ports: ownProxyPorts, lines: attempt(proxyLines) },
  deadlineMs: 2 * LIMIT_MS + PAUSE_MS + 500,
  async collect(io, { routes: stored, ports, lines }, signal): Promise<Result<ProxyConfig>> {
    const logged = factOf(lines);
    if (stored.list.length === 0 && logged?.loadedAtMs == null && logged?.refusal == null)
      return notApplicable('no route is stored, so the proxy has nothing to do');
    const target = { kind: 'web', secure: false, host: '127.0.0.1', port: ports.admin, proxy: null, ca: null } as const;
    const first = await readConfig(target, signal, io.phase);
    if (first.kind !== 'value' || isComplete(first.value, stored)) return first;
    io.phase('pause');
    await pause(PAUSE_MS, undefined, { signal }).catch(() => {});
    const second = await readConfig(target, signal, io.phase);
    return second.kind === 'value' ? second : first;
  },
});

async function readConfig(
  target: HttpTarget,
  signal: AbortSignal,
  onPhase: (phase: string) => void,
): Promise<Result<ProxyConfig>> {
  const answer = await httpGet(target, '/config/', { limitMs: LIMIT_MS, signal, maxBytes: MAX_BYTES, onPhase });
  if (answer.kind === 'failure') return httpFailed(answer.failure);
  const where = "the proxy's admin endpoint";
  if (answer.status !== 200) return failed('unreadable', 'answer', `${where} answers HTTP ${answer.status}`);
  if (answer.cut) return failed('unreadable', 'body', `${where} sends more than ${MAX_BYTES} bytes`);
  try {
    return value(parseProxyConfig(JSON.parse(answer.body.toString('utf8'))));
  } catch {
    return failed('unreadable', 'body', `${where} does not send JSON`);
  }
}

function isComplete(config: ProxyConfig, stored: Routes): boolean {
  if (config.kind !== 'loaded') return false;
  const usable = new Set(
    config.routes.flatMap(({ domain, pattern, upstreams }) => (upstreams.length > 0 ? [`${domain} ${pattern}`] : [])),
  );
  return stored.list.every(({ domain, path }) => usable.has(`${domain} ${pathPattern(path)}`));
}
