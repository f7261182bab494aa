import { factOf, value } from '../../engine/outcome.ts';
import { attempt, derive } from '../../engine/probe.ts';
import type { Situation } from '../../engine/situation.ts';
import { bundle } from './bundle.ts';
import { cliVersion } from './cli-version.ts';
import { environment } from './environment.ts';

const from = { environment: attempt(environment), version: attempt(cliVersion), bundle: attempt(bundle) };

/** The header and the advice of a JacqOS run. There is always something to look at: the health addresses at least. */
export const situation = derive<Situation, typeof from>({
  name: 'jacqos.situation',
  from,
  derive(facts) {
    const here = factOf(facts.environment);
    const version = factOf(facts.version);
    return value({
      host: here?.host ?? 'this host',
      version: version?.kind === 'known' ? version.version : null,
      via: null,
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
