import { failed, notApplicable, type Outcome, type Result, value } from '../../engine/outcome.ts';
import { attempt } from '../../engine/probe.ts';
import { vault } from '../../vault/vault.ts';
import { httpGet } from '../io/http/http.ts';
import { parseAddress } from './address.ts';
import { type AppDir, appDir } from './app-dir.ts';
import { cloudStatus } from './cloud-status.ts';
import { environment } from './environment.ts';
import { type JacqosIo, probe, webLimitMs } from './jacqos-probe.ts';
import type { DocumentedId } from './reader/id-shape.ts';
import { readOutput } from './reader/read-output.ts';
import type { CommandAnswer } from './run-jacqos.ts';
import { trustedCas, withTrustHint } from './trusted-cas.ts';
import { proxyFor } from './web-proxy.ts';

/** The answer of the runtime to one GET of the documented observe address with the token. Only its ids count. */
export type RuntimeObservation = {
  readonly asked: string;
  readonly status: number;
  readonly present: readonly DocumentedId[];
  readonly unrecognised: readonly string[];
};

const MAX_BODY = 256 * 1024;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * Asks the runtime, only with --deep. The token is sent to the configured host over verified TLS and nowhere else:
 * never without TLS, and never to a redirect.
 */
export const runtimeObservation = probe({
  name: 'jacqos.observe',
  after: { environment, app: attempt(appDir), status: attempt(cloudStatus) },
  deadlineMs: 6_000,
  async collect(io, { environment: { runtime, token }, app, status }, signal): Promise<Result<RuntimeObservation>> {
    const { settings, env } = io;
    if (!settings.deep) return notApplicable('the runtime is asked with --deep only');
    if (token !== 'set')
      return failed(
        'withheld',
        'token',
        `JACQOS_RUNTIME_TOKEN is not a token that could be sent (${token})`,
        environment,
        {
          kind: 'do',
          text: 'Set JACQOS_RUNTIME_TOKEN to the runtime token of this app and environment, and run again.',
        },
      );
    const ids = resolveIds(settings, app, status);
    if (ids === null)
      return failed('withheld', 'address', 'neither status nor a flag names the app and the environment', null, {
        kind: 'flag',
        flag: '--app-id',
        value: 'APP',
        why: 'and --environment-id ENV',
      });
    const address = parseAddress(runtime.url);
    if (address === null) throw new Error(`${runtime.source} was taken for an address`);
    if (!address.secure)
      return failed(
        'withheld',
        'tls',
        `the token is not sent unencrypted: ${address.shown} is not an https address`,
        null,
        {
          kind: 'flag',
          flag: '--runtime-cell-url',
          value: 'URL',
          why: 'an address that begins with https',
        },
      );
    const proxy = proxyFor(address, env);
    if (proxy !== null && 'unusable' in proxy)
      return failed('withheld', 'proxy', proxy.unusable, null, {
        kind: 'do',
        text: 'Correct the proxy in HTTPS_PROXY, and run again.',
      });
    const path = `/v0/apps/${ids.app}/envs/${ids.environment}/observe`;
    const secret = vault.add(env['JACQOS_RUNTIME_TOKEN'] ?? '', 'the runtime token');
    const { host, port } = address;
    const cas = await trustedCas(io);
    const response = await httpGet(
      { kind: 'web', secure: true, host, port, proxy, ca: cas.ca },
      `${address.path}${path}`,
      {
        limitMs: webLimitMs(settings),
        signal,
        maxBytes: MAX_BODY,
        headers: {
          accept: 'application/json',
          'user-agent': 'jacqos-doctor',
          authorization: `Bearer ${secret.reveal()}`,
        },
        onPhase: io.phase,
      },
    );
    if (response.kind === 'failure')
      return failed(response.failure.why, response.failure.phase, withTrustHint(response.failure, cas));
    const { present, unrecognised } = readOutput(response.body.toString('utf8'), { failed: response.status >= 400 });
    return value({ asked: `${address.shown}${path}`, status: response.status, present, unrecognised });
  },
});

type Ids = { readonly app: string; readonly environment: string };

/** App and environment from the flags, else from status; the app also from jacqos.toml. */
function resolveIds(
  { appId, environmentId }: JacqosIo['settings'],
  app: Outcome<AppDir>,
  status: Outcome<CommandAnswer>,
): Ids | null {
  const statusIds = status.kind === 'value' ? status.value.reading.shown : null;
  const tomlAppId = app.kind === 'value' ? app.value.appId : null;
  const selected = {
    app: appId ?? statusIds?.appId ?? tomlAppId,
    environment: environmentId ?? statusIds?.environmentId ?? null,
  };
  const isValid = (id: string | null): id is string => id !== null && ID.test(id);
  return isValid(selected.app) && isValid(selected.environment) ? (selected as Ids) : null;
}
