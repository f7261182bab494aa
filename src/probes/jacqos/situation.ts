import { factOf, value } from '../../engine/outcome.ts';
import { attempt, derive, type Facts } from '../../engine/probe.ts';
import type { Situation } from '../../engine/situation.ts';
import { appDir } from './app-dir.ts';
import { bundle } from './bundle.ts';
import { cliProgram } from './cli-program.ts';
import { cliVersion } from './cli-version.ts';
import { environment } from './environment.ts';
import { hostName } from './host-name.ts';

const from = {
  host: attempt(hostName),
  environment: attempt(environment),
  app: attempt(appDir),
  program: attempt(cliProgram),
  version: attempt(cliVersion),
  bundle: attempt(bundle),
};

/** Input of the header and the advice of a JacqOS run. At least the health addresses can always be examined. */
export const situation = derive<Situation, typeof from>({
  name: 'jacqos.situation',
  from,
  derive(facts) {
    const environment = factOf(facts.environment);
    const version = factOf(facts.version);
    return value({
      host: isAsked(facts) ? (factOf(facts.host)?.name ?? 'this host') : 'output of a failed command',
      version: version?.kind === 'known' ? version.version : null,
      via: facts.program.kind === 'not-applicable' ? 'jacqos was not asked' : null,
      asRoot: null,
      leader: null,
      needed: [],
      leaderless: null,
      assumed: [],
      values: {
        management_url: environment?.management[0]?.url ?? null,
        runtime_url: environment?.runtime.url ?? null,
        bundle: factOf(facts.bundle)?.path ?? null,
      },
      holds: [],
      releases: [],
      withhold: null,
      nothingHere: null,
    });
  },
});

/** Pasted output may come from any host: this host is named only if something on it was examined. */
function isAsked({ environment, app, program }: Facts<typeof from>): boolean {
  return [environment, app, program].some(({ kind }) => kind !== 'not-applicable');
}
