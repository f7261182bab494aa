import { factOf, value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { journal } from './journal.ts';
import type { JournalEntry } from './journal-entry.ts';

/** A socket address that the proxy could not bind because another socket has it. */
export type BusyPort = { readonly protocol: 'tcp' | 'udp'; readonly port: number };

/** Why the proxy rejects the daemon's configuration. Times in ms since the epoch. */
export type LoadRefusal = {
  /** The first refusal since the last loaded configuration, and the last one. */
  readonly sinceMs: number;
  readonly atMs: number;
  /** The proxy's own words. */
  readonly text: string;
  /** Null for another reason. */
  readonly busy: BusyPort | null;
};

/** The lines of the daemon's log about the proxy's configuration since its last start. */
export type ProxyLines = {
  /** Whether the journal could be read at all. */
  readonly seen: boolean;
  /** When a configuration was last loaded, in ms since the epoch; null if no line shows it. */
  readonly loadedAtMs: number | null;
  /** Null if the last configuration was loaded, or if no line is about one. */
  readonly refusal: LoadRefusal | null;
};

/** The proxy's lines of the journal; empty without a journal (docs/jaco-daemon/ingress.md#port-conflicts). */
export const proxyLines = derive({
  name: 'jaco.proxy-lines',
  where: 'node',
  from: { journal: attempt(journal) },
  derive: ({ journal }) => value(readProxyLines(factOf(journal)?.entries ?? null)),
});

/** Reads entries, oldest first. A start of the daemon discards the lines before it. */
export function readProxyLines(entries: readonly JournalEntry[] | null): ProxyLines {
  if (entries === null) return { seen: false, loadedAtMs: null, refusal: null };
  const start = entries.findLastIndex(({ subsystem, message }) => subsystem === 'jacod' && message === 'starting');
  const since = entries.slice(start + 1);
  // Before the first route, `reloaded` is logged although nothing is loaded.
  const first = since.findIndex(({ message }) => message === 'caddy loaded and listening');
  const loaded = since.findLastIndex(
    ({ message }, at) => message === 'caddy config reloaded' && first >= 0 && at > first,
  );
  const refusals = since
    .slice(loaded + 1)
    .filter(({ message, error }) => message === 'caddy.Load failed' && error !== null);
  const [oldest, newest] = [refusals[0], refusals.at(-1)];
  const text = newest?.error ?? '';
  return {
    seen: true,
    loadedAtMs: since[loaded]?.atMs ?? null,
    refusal:
      oldest === undefined || newest === undefined
        ? null
        : { sinceMs: oldest.atMs, atMs: newest.atMs, text, busy: busyPort(text) },
  };
}

/** Go's text: `listen tcp :80: bind: address already in use`. */
function busyPort(error: string): BusyPort | null {
  const [, protocol, port] =
    /\blisten (tcp|udp)[46]? \S{0,100}:(\d{1,5}): bind: address already in use/.exec(error) ?? [];
  return port === undefined ? null : { protocol: protocol === 'udp' ? 'udp' : 'tcp', port: Number(port) };
}
