import { Flags } from '@oclif/core';
import { FORMATS } from '../report/render.ts';

/** Flags of the run. Names follow JACO's own CLI where it has the same thing. */
export const runFlags = {
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
    options: [...FORMATS],
    default: 'human',
    description: 'how the report is written; the exit code is the same in each',
  }),
  'fail-on': Flags.string({
    options: ['fail', 'warn', 'never'],
    default: 'fail',
    description: 'what makes the exit code 1 or 2',
  }),
  timeout: Flags.string({
    default: '10s',
    helpValue: 'DURATION',
    description: 'end of the whole run, counted from process start (500ms, 3s, 2m)',
  }),
  since: Flags.string({ default: '24h', helpValue: 'DURATION', description: 'how far back the journal is read' }),
  server: Flags.string({
    multiple: true,
    delimiter: ',',
    helpValue: 'HOST:PORT',
    description:
      'ask operator ports over the network instead of this host; the first that answers leads [env: JACO_SERVER]',
  }),
  token: Flags.string({ helpValue: 'TOKEN', description: 'operator token; the variable is safer [env: JACO_TOKEN]' }),
  socket: Flags.string({ helpValue: 'PATH', description: 'control socket [env: JACO_SOCKET]' }),
  config: Flags.string({ helpValue: 'PATH', description: 'jacod.yaml [env: JACO_CONFIG]' }),
  'ca-cert': Flags.string({ helpValue: 'PATH', description: 'cluster CA, PEM [env: JACO_CA_CERT]' }),
  from: Flags.string({
    helpValue: 'FILE|-',
    description: 'output of a failed command: what it reports is confirmed or refuted',
  }),
  record: Flags.string({ helpValue: 'FILE', description: 'write what was found to a new file, mode 0600' }),
  replay: Flags.string({ helpValue: 'FILE', description: 'report on a recording instead of this host' }),
  verbose: Flags.boolean({ description: 'every check with its evidence and notes' }),
  debug: Flags.boolean({ description: 'each probe with its outcome and times, on stderr' }),
  'no-color': Flags.boolean({ description: 'no colour [env: NO_COLOR; FORCE_COLOR asks for it on a pipe]' }),
} as const;

/** Parsed {@link runFlags}. */
export type RunFlags = {
  readonly only?: string[] | undefined;
  readonly skip?: string[] | undefined;
  readonly format: string;
  readonly 'fail-on': string;
  readonly timeout: string;
  readonly since: string;
  readonly server?: string[] | undefined;
  readonly token?: string | undefined;
  readonly socket?: string | undefined;
  readonly config?: string | undefined;
  readonly 'ca-cert'?: string | undefined;
  readonly from?: string | undefined;
  readonly record?: string | undefined;
  readonly replay?: string | undefined;
  readonly verbose: boolean;
  readonly debug: boolean;
  readonly 'no-color': boolean;
};
