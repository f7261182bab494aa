import { expect, test } from 'vitest';
import type { JournalEntry } from '../../../../src/probes/jaco/journal/journal-entry.ts';
import { readProxyLines } from '../../../../src/probes/jaco/journal/proxy-lines.ts';

const entry = (atMs: number, message: string, error: string | null = null, subsystem = 'ingress'): JournalEntry => ({
  atMs,
  priority: error === null ? 6 : 3,
  subsystem,
  message,
  error,
  fields: {},
  raw: false,
  pid: 7,
  invocation: null,
});
const starting = (atMs: number) => entry(atMs, 'starting', null, 'jacod');
const listening = (atMs: number) => entry(atMs, 'caddy loaded and listening');
const reloaded = (atMs: number) => entry(atMs, 'caddy config reloaded');
const BUSY =
  'loading new config: http app module: start: listening on :80: listen tcp :80: bind: address already in use';
const refused = (atMs: number, error = BUSY) => entry(atMs, 'caddy.Load failed', error);

test('a journal that could not be read shows nothing', () => {
  expect(readProxyLines(null)).toEqual({ seen: false, loadedAtMs: null, refusal: null });
});

test('before the first route "reloaded" is written although nothing is loaded', () => {
  expect(readProxyLines([starting(1), reloaded(2)])).toEqual({ seen: true, loadedAtMs: null, refusal: null });
});

test('the configuration is as old as its last load', () => {
  const lines = [starting(1), reloaded(2), listening(3), reloaded(3), reloaded(9)];
  expect(readProxyLines(lines)).toEqual({ seen: true, loadedAtMs: 9, refusal: null });
});

test('a port that is taken freezes the configuration from the first refusal on', () => {
  const lines = [
    starting(1),
    listening(3),
    reloaded(3),
    refused(5),
    entry(5, 'caddy config reload failed', BUSY),
    refused(8),
  ];
  expect(readProxyLines(lines)).toEqual({
    seen: true,
    loadedAtMs: 3,
    refusal: { sinceMs: 5, atMs: 8, text: BUSY, busy: { protocol: 'tcp', port: 80 } },
  });
});

test('a load that worked, and a start of the daemon, end a refusal', () => {
  expect(readProxyLines([starting(1), refused(5), listening(6), reloaded(6)]).refusal).toBeNull();
  expect(readProxyLines([starting(1), listening(2), reloaded(2), refused(5), starting(6)])).toEqual({
    seen: true,
    loadedAtMs: null,
    refusal: null,
  });
});

test('the port from the text of each listener, and a reason that is not a port', () => {
  const busyOf = (error: string) => readProxyLines([refused(5, error)]).refusal?.busy;
  const taken = 'bind: address already in use';
  expect(busyOf(`loading new config: layer4 app module: start: listen tcp :9092: ${taken}`)).toEqual({
    protocol: 'tcp',
    port: 9092,
  });
  expect(
    busyOf(`loading new config: starting caddy administration endpoint: listen tcp 127.0.0.1:2019: ${taken}`),
  ).toEqual({ protocol: 'tcp', port: 2019 });
  expect(busyOf(`starting HTTP/3 QUIC listener: listen udp :443: ${taken}`)).toEqual({ protocol: 'udp', port: 443 });
  expect(busyOf('listening on :80: listen tcp :80: bind: permission denied')).toBeNull();
});
