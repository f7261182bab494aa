import type { ChalkInstance } from 'chalk';
import type { Report } from '../report.ts';

/** How a report is written for a reader. Formats for programs ignore it. */
export type RenderOptions = {
  /** Columns. */
  readonly width: number;
  /** Level 0 for none. */
  readonly colour: ChalkInstance;
  /** Whether every row is shown with its evidence and notes. */
  readonly verbose: boolean;
  /** What the header says of the target after its host name, in the words of the product. */
  readonly headerFields: (target: Report['target']) => readonly string[];
};

/** Writes a report as one document. It decides nothing: verdict and exit code are in the report. */
export type Renderer = (report: Report, options: RenderOptions) => string;
