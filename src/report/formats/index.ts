import { human } from './human/human.ts';
import { id } from './id.ts';
import { json } from './json.ts';
import type { Renderer } from './renderer.ts';

/** Every format of the report by its name for `--format`. One file for each format. */
export const formats = { human, json, id } as const satisfies { readonly [name: string]: Renderer };

export type Format = keyof typeof formats;

/** The names of all formats, in the order in which help lists them. */
export const formatNames = Object.keys(formats) as readonly Format[];
