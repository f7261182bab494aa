import type { ChalkInstance } from 'chalk';

/** How a person reads a report: columns, colours (level 0 for none), and whether every row is told in full. */
export type HumanOptions = { readonly width: number; readonly colour: ChalkInstance; readonly verbose: boolean };
