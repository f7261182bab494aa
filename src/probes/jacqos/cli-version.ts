import { type Result, value } from '../../engine/outcome.ts';
import { clean } from '../../engine/text.ts';
import { runChild } from '../io/run-child.ts';
import { cliProgram } from './cli-program.ts';
import { probe } from './jacqos-probe.ts';

/** The version that `jacqos --version` prints (its format is not documented), or why it is unclear. */
export type CliVersion =
  | { readonly kind: 'known'; readonly version: string }
  | { readonly kind: 'unclear'; readonly reason: string };

/** The version of the installed jacqos. */
export const cliVersion = probe({
  name: 'jacqos.cli-version',
  after: { program: cliProgram },
  deadlineMs: 6_000,
  async collect({ settings, env, phase }, { program }, signal): Promise<Result<CliVersion>> {
    phase('jacqos --version');
    const limit = AbortSignal.timeout(settings.requestLimitMs);
    const result = await runChild([program.path, '--version'], {
      signal: AbortSignal.any([signal, limit]),
      maxBytes: 64 * 1024,
      cwd: settings.appDir,
      env: { ...env, NO_COLOR: '1' },
    });
    if (result.kind === 'failed') return result;
    const unclear = (reason: string): Result<CliVersion> => value({ kind: 'unclear', reason });
    if (result.cut) return unclear('it printed without end');
    if (limit.aborted) return unclear(`it did not end within ${settings.requestLimitMs} ms`);
    if (result.code !== 0) return unclear(`it ended with ${result.code === null ? 'a signal' : `exit ${result.code}`}`);
    const version = /(?:^|\s)(v?\d+\.\d+(?:\.\d+)?(?:[-+][0-9A-Za-z.-]{1,40})?)(?=\s|$)/.exec(
      clean(result.stdout),
    )?.[1];
    return version === undefined ? unclear('no version was found in its answer') : value({ kind: 'known', version });
  },
});
