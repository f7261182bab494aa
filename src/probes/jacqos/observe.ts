import { failed, notApplicable, type Outcome, type Result, value } from '../../engine/outcome.ts';
import { attempt } from '../../engine/probe.ts';
import { vault } from '../../vault/vault.ts';
import { get } from '../io/http/http.ts';
import { type AppDir, appDir } from './app-dir.ts';
import { cloudStatus } from './cloud-status.ts';
import type { CommandAnswer } from './command.ts';
import { environment } from './environment.ts';
import { type JacqosIo, probe, webLimitMs } from './io.ts';
import { readOutput } from './reader/read.ts';
import type { DocumentedId } from './reader/shape.ts';
import { readAddress } from './url.ts';
import { proxyFor } from './web-proxy.ts';

/** What the runtime said to one GET of the documented observe address with the token. Only its ids are believed (issue). */
export type Observed = {
  readonly asked: string;
  readonly status: number;
  readonly present: readonly DocumentedId[];
  readonly unrecognised: readonly string[];
};

const MAX_BODY = 256 * 1024;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * Asks the runtime itself, only with --deep. The token goes to the configured host over verified TLS and nowhere else: in
 * clear nothing is sent, and a redirect is not followed.
 */
export const observe = probe({
  name: 'jacqos.observe',
  after: { environment, app: attempt(appDir), status: attempt(cloudStatus) },
  deadlineMs: 6_000,
  async collect(io, { environment: { runtime, token }, app, status }, signal): Promise<Result<Observed>> {
    const { settings, env } = io;
    if (!settings.deep) return notApplicable('the runtime is asked with --deep only');
    if (token !== 'set')
      return failed('withheld', 'token', `JACQOS_RUNTIME_TOKEN is no token that could be sent (${token})`, environment);
    const ids = idsOf(settings, app, status);
    if (ids === null)
      return failed(
        'withheld',
        'address',
        'app and environment could not be learnt: name them with --app-id and --environment-id',
      );
    const address = readAddress(runtime.url);
    if (address === null) throw new Error(`${runtime.source} was taken for an address`);
    if (!address.secure)
      return failed('withheld', 'tls', `the token is not sent in clear: ${address.shown} is no https address`);
    const proxy = proxyFor(address, env);
    if (proxy !== null && 'unusable' in proxy) return failed('withheld', 'proxy', proxy.unusable);
    const path = `/v0/apps/${ids.app}/envs/${ids.environment}/observe`;
    const secret = vault.hold(env['JACQOS_RUNTIME_TOKEN'] ?? '', 'the runtime token');
    const { host, port } = address;
    const got = await get({ kind: 'web', secure: true, host, port, proxy, ca: settings.ca }, `${address.path}${path}`, {
      limitMs: webLimitMs(settings),
      signal,
      maxBytes: MAX_BODY,
      headers: {
        accept: 'application/json',
        'user-agent': 'jacqos-doctor',
        authorization: `Bearer ${secret.reveal()}`,
      },
      onPhase: io.phase,
    });
    if (got.kind === 'failure') return failed(got.failure.why, got.failure.phase, got.failure.detail);
    const { present, unrecognised } = readOutput(got.body.toString('utf8'), { failed: got.status >= 400 });
    return value({ asked: `${address.shown}${path}`, status: got.status, present, unrecognised });
  },
});

type Ids = { readonly app: string; readonly environment: string };

/** App and environment by flag, by what status shows of the selection, and the app's by jacqos.toml. */
function idsOf(
  { appId, environmentId }: JacqosIo['settings'],
  app: Outcome<AppDir>,
  status: Outcome<CommandAnswer>,
): Ids | null {
  const shown = status.kind === 'value' ? status.value.reading.shown : null;
  const own = app.kind === 'value' ? app.value.appId : null;
  const chosen = { app: appId ?? shown?.appId ?? own, environment: environmentId ?? shown?.environmentId ?? null };
  const sound = (id: string | null): id is string => id !== null && ID.test(id);
  return sound(chosen.app) && sound(chosen.environment) ? (chosen as Ids) : null;
}
