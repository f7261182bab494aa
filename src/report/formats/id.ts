import type { Renderer } from './renderer.ts';

/** The first failing id. If nothing failed, the verdict: no id has the name pass, warn or unknown. */
export const id: Renderer = ({ first, verdict }) => `${first ?? verdict}\n`;
