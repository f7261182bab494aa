import { Flags, type Interfaces } from '@oclif/core';
import { formatNames } from '../report/formats/index.ts';

/** Flags of every product's run. */
const commonFlags = {
  only: Flags.string({
    multiple: true,
    delimiter: ',',
    helpValue: 'CHECK|GROUP|ID',
    description: 'run only these checks, and the checks that they depend on; separate several with a comma',
  }),
  skip: Flags.string({
    multiple: true,
    delimiter: ',',
    helpValue: 'CHECK|GROUP',
    description: 'do not run these checks; the report shows them as skipped',
  }),
  format: Flags.option({
    options: formatNames,
    default: 'human',
    description: 'format of the report; the exit code is the same in each',
  })(),
  'fail-on': Flags.option({
    options: ['fail', 'warn', 'never'] as const,
    description: 'fail: exit code 1 on a failure; warn: also 2 on warnings; never: 0 for both; the default is fail',
  })(),
  timeout: Flags.string({
    default: '10s',
    helpValue: 'DURATION',
    description: 'time limit of the whole run, from process start (500ms, 3s, 2m)',
  }),
  record: Flags.string({
    helpValue: 'FILE|-',
    description:
      'write all facts to a new file, mode 0600; - writes them to stdout instead of the report; the file has host names, addresses and log lines, but no token or key that the doctor recognizes; read the log lines before you share it',
  }),
  verbose: Flags.boolean({ description: 'print every check with its evidence and notes' }),
  debug: Flags.boolean({ description: 'print each probe with its outcome and times on stderr' }),
  'no-color': Flags.boolean({ description: 'no colour [env: NO_COLOR; FORCE_COLOR turns colour on for a pipe]' }),
  help: Flags.help({ char: 'h', description: 'show this help; help COMMAND shows the help of a command' }),
  version: Flags.version({ description: 'show the version of this program' }),
};

/**
 * All flags of a product's run. A replay shows a recorded run, so `--replay` excludes every flag that asks for another
 * run.
 */
export function runFlags<Own extends Interfaces.FlagInput>(own: Own) {
  const replay = Flags.string({
    helpValue: 'FILE|-',
    description: 'report on a recording instead of this host; - reads it from stdin',
    exclusive: ['only', 'skip', 'fail-on', 'record', ...Object.keys(own)],
  });
  return { ...commonFlags, replay, ...own };
}

/**
 * The parsed values of flags with this definition. oclif's own InferredFlags adds `--json`, which no command here has.
 */
export type GivenFlags<Definition> = Definition extends Interfaces.FlagInput<infer Given> ? Given : never;

/** The parsed values of the flags that every product has. */
export type CommonFlags = GivenFlags<ReturnType<typeof runFlags<Record<never, never>>>>;
