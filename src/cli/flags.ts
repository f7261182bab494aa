import { Flags, type Interfaces } from '@oclif/core';
import { formatNames } from '../report/formats/index.ts';

/** Flags that every product's run has. */
const commonFlags = {
  only: Flags.string({
    multiple: true,
    delimiter: ',',
    helpValue: 'CHECK|GROUP|ID',
    description: 'judge only these, and the checks they rest on',
  }),
  skip: Flags.string({
    multiple: true,
    delimiter: ',',
    helpValue: 'CHECK|GROUP',
    description: 'leave these out; their rows stay, as skipped',
  }),
  format: Flags.option({
    options: formatNames,
    default: 'human',
    description: 'how the report is written; the exit code is the same in each',
  })(),
  'fail-on': Flags.option({
    options: ['fail', 'warn', 'never'] as const,
    description: 'what makes the exit code 1 or 2; fail unless given',
  })(),
  timeout: Flags.string({
    default: '10s',
    helpValue: 'DURATION',
    description: 'end of the whole run, counted from process start (500ms, 3s, 2m)',
  }),
  record: Flags.string({
    helpValue: 'FILE|-',
    description: 'write what was found to a new file, mode 0600; - writes it to stdout in place of the report',
  }),
  verbose: Flags.boolean({ description: 'every check with its evidence and notes' }),
  debug: Flags.boolean({ description: 'each probe with its outcome and times, on stderr' }),
  'no-color': Flags.boolean({ description: 'no colour [env: NO_COLOR; FORCE_COLOR asks for it on a pipe]' }),
  help: Flags.help({ char: 'h', description: 'this help; help COMMAND for that of a command' }),
  version: Flags.version({ description: 'the version of this program' }),
};

/** All flags of a product's run. A replay shows a recorded run, so it excludes every flag that asks for another one. */
export function runFlags<Own extends Interfaces.FlagInput>(own: Own) {
  const replay = Flags.string({
    helpValue: 'FILE|-',
    description: 'report on a recording instead of this host; - reads it from stdin',
    exclusive: ['only', 'skip', 'fail-on', 'record', ...Object.keys(own)],
  });
  return { ...commonFlags, replay, ...own };
}

/** What is given for flags that are defined so. oclif's own InferredFlags adds `--json`, which no command here has. */
export type GivenFlags<Definition> = Definition extends Interfaces.FlagInput<infer Given> ? Given : never;

/** What is given for the flags that every product has. */
export type CommonFlags = GivenFlags<ReturnType<typeof runFlags<Record<never, never>>>>;
