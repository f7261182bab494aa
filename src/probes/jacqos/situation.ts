import { factOf, value } from '../../engine/outcome.ts';
import { attempt, derive, type Facts } from '../../engine/probe.ts';
import type { Situation } from '../../engine/situation.ts';
import { appDir } from './app-dir.ts';
import { bundle } from './bundle.ts';
import { cliProgram } from './cli-program.ts';
import { cliVersion } from './cli-version.ts';
import { environment } from './environment.ts';
import { host } from './host.ts';

const from = {
  host: attempt(host),
  environment: attempt(environment),
  app: attempt(appDir),
  program: attempt(cliProgram),
  version: attempt(cliVersion),
  bundle: attempt(bundle),
};

/** The header and the advice of a JacqOS run. There is always something to look at: the health addresses at least. */
export const situation = derive<Situation, typeof from>({
  name: 'jacqos.situation',
  from,
  derive(facts) {
    const here = factOf(facts.environment);
    const version = factOf(facts.version);
    return value({
      host: isAsked(facts) ? (factOf(facts.host)?.name ?? 'this host') : 'output of a failed command',
      version: version?.kind === 'known' ? version.version : null,
      via: facts.program.kind === 'not-applicable' ? 'jacqos was not asked' : null,
      leader: null,
      assumed: [],
      values: {
        management_url: here?.management[0]?.url ?? null,
        runtime_url: here?.runtime.url ?? null,
        bundle: factOf(facts.bundle)?.path ?? null,
      },
      holds: [],
      withhold: null,
      nothingHere: null,
    });
  },
});

/** Output that was pasted may come from anywhere: this host is named only where something of it was looked at. */
function isAsked({ environment, app, program }: Facts<typeof from>): boolean {
  return [environment, app, program].some(({ kind }) => kind !== 'not-applicable');
}
