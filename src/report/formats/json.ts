import type { Renderer } from './renderer.ts';

/** The report document itself, `doctor-report/1`. */
export const json: Renderer = (report) => `${JSON.stringify(report, null, 2)}\n`;
