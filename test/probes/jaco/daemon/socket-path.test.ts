import { describe, expect, test } from 'vitest';
import type { Json } from '../../../../src/engine/json.ts';
import { notApplicable, type Outcome, type Result, value } from '../../../../src/engine/outcome.ts';
import { controlSocketPath, type SocketPath } from '../../../../src/probes/jaco/daemon/socket-path.ts';
import { service, socketUnit } from '../../../checks/jaco/scenes/daemon-scene.ts';

const never = new AbortController().signal;
const NO_SYSTEMD = notApplicable('systemd did not boot this host');
const fact = (json: unknown): Outcome => value(json as Json);
const unitSaying = (given: object, socket: object = {}): Outcome =>
  fact({ service: service(given), socket: socketUnit(socket) });

describe('the control socket', () => {
  async function pathFor(socket: string | null, unit: Outcome, unixSocket: string | null): Promise<Result<SocketPath>> {
    const config = unixSocket === null ? notApplicable('') : fact({ settings: { unixSocket } });
    return controlSocketPath.collect(
      { settings: { socket, config: null } } as never,
      { unit, config } as never,
      never,
    ) as Promise<Result<SocketPath>>;
  }

  test.each([
    [
      'the user says',
      '/tmp/x.sock',
      unitSaying({}),
      '/run/a.sock',
      { path: '/tmp/x.sock', from: 'given', activates: false, label: null },
    ],
    [
      'systemd listens, for any jacod.yaml',
      null,
      unitSaying({}),
      '/run/jaco/other.sock',
      { path: '/run/jaco/jaco.sock', from: 'unit', activates: true, label: '/run/jaco/other.sock' },
    ],
    [
      'systemd listens, by its other name',
      null,
      unitSaying({}),
      '/var/run/jaco/jaco.sock',
      { path: '/run/jaco/jaco.sock', from: 'unit', activates: true, label: null },
    ],
    [
      'jacod.yaml says',
      null,
      NO_SYSTEMD,
      '/srv/j.sock',
      { path: '/srv/j.sock', from: 'config', activates: false, label: null },
    ],
    [
      'it always is',
      null,
      NO_SYSTEMD,
      null,
      { path: '/var/run/jaco/jaco.sock', from: 'default', activates: false, label: null },
    ],
    [
      'the user says, which is where systemd listens',
      '/var/run/jaco/jaco.sock',
      unitSaying({}),
      null,
      { path: '/var/run/jaco/jaco.sock', from: 'given', activates: true, label: null },
    ],
  ])('is where %s', async (_where, given, unit, configured, expected) => {
    expect(await pathFor(given, unit, configured)).toEqual({ kind: 'value', value: expected });
  });

  test('may be ruled out', async () => {
    expect(await pathFor('', unitSaying({}), null)).toMatchObject({ kind: 'not-applicable' });
  });

  const named = (config: string, outcome: Outcome) =>
    controlSocketPath.collect(
      { settings: { socket: null, config } } as never,
      { unit: unitSaying({}), config: outcome } as never,
      never,
    );

  test('of a file that this user may not read is unknown, and no default replaces it', async () => {
    const failure = { why: 'denied', phase: 'read', detail: '/srv/j.yaml: EACCES', root: 'jaco.config' } as const;
    expect(await named('/srv/j.yaml', { kind: 'failed', failure })).toEqual({ kind: 'failed', failure });
    // The unit reads this same file, and systemd says where it listens.
    expect(await named('/etc/jaco/jacod.yaml', { kind: 'failed', failure })).toMatchObject({
      value: { path: '/run/jaco/jaco.sock', from: 'unit' },
    });
  });

  test('of another daemon’s file is the one in it, not the unit’s', async () => {
    expect(await named('/srv/j.yaml', fact({ settings: { unixSocket: '/srv/j.sock' } }))).toMatchObject({
      value: { path: '/srv/j.sock', from: 'config', activates: false },
    });
  });
});
