import { Flags } from '@oclif/core';
import { formatNames } from '../report/formats/index.ts';

/** Flags that every product's run has. */
export const commonFlags = {
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
  format: Flags.string({
    options: [...formatNames],
    default: 'human',
    description: 'how the report is written; the exit code is the same in each',
  }),
  'fail-on': Flags.string({
    options: ['fail', 'warn', 'never'],
    description: 'what makes the exit code 1 or 2; fail unless given',
  }),
  timeout: Flags.string({
    default: '10s',
    helpValue: 'DURATION',
    description: 'end of the whole run, counted from process start (500ms, 3s, 2m)',
  }),
  record: Flags.string({ helpValue: 'FILE', description: 'write what was found to a new file, mode 0600' }),
  replay: Flags.string({ helpValue: 'FILE', description: 'report on a recording instead of this host' }),
  verbose: Flags.boolean({ description: 'every check with its evidence and notes' }),
  debug: Flags.boolean({ description: 'each probe with its outcome and times, on stderr' }),
  'no-color': Flags.boolean({ description: 'no colour [env: NO_COLOR; FORCE_COLOR asks for it on a pipe]' }),
} as const;

/** Parsed {@link commonFlags}. */
export type CommonFlags = {
  readonly only?: string[] | undefined;
  readonly skip?: string[] | undefined;
  readonly format: string;
  readonly 'fail-on'?: string | undefined;
  readonly timeout: string;
  readonly record?: string | undefined;
  readonly replay?: string | undefined;
  readonly verbose: boolean;
  readonly debug: boolean;
  readonly 'no-color': boolean;
};
