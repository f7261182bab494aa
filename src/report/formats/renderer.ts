import type { ChalkInstance } from 'chalk';
import type { Report } from '../report.ts';

/** The presentation of a report for a person. Formats for programs ignore it. */
export type RenderOptions = {
  /** Columns. */
  readonly width: number;
  /** Level 0 for no colour. */
  readonly colour: ChalkInstance;
  /** Whether to show every row with its evidence and notes. */
  readonly verbose: boolean;
  /** What the header shows about the target after its host name. */
  readonly headerFields: (target: Report['target']) => readonly string[];
};

/** Writes a report as one document. It decides nothing: verdict and exit code are in the report. */
export type Renderer = (report: Report, options: RenderOptions) => string;
