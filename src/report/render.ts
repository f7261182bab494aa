import { human } from './human.ts';
import type { HumanOptions } from './look.ts';
import type { Report } from './report.ts';

export const FORMATS = ['human', 'json', 'id'] as const;
export type Format = (typeof FORMATS)[number];

/** The one document of a run, in the form asked for. Renderers decide nothing: verdict and exit code are in the report. */
export function render(report: Report, format: Format, look: HumanOptions): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(report, null, 2)}\n`;
    case 'id':
      // Where nothing failed, the verdict: no id is called pass, warn or unknown.
      return `${report.first ?? report.verdict}\n`;
    case 'human':
      return human(report, look);
  }
}
