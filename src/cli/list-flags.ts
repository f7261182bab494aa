import { Flags } from '@oclif/core';

/** Flags of the commands that print no report. */
export const listFlags = {
  format: Flags.option({
    options: ['human', 'json'] as const,
    default: 'human',
    description: 'text for a person, or one JSON document',
  })(),
  'no-color': Flags.boolean({ description: 'no colour' }),
  help: Flags.help({ char: 'h', description: 'this help' }),
};

/** The parsed values of these flags. */
export type ListFlags = { readonly format: 'human' | 'json'; readonly 'no-color': boolean };
