import { readdirSync, readFileSync } from 'node:fs';
import type { Json } from '../../src/engine/json.ts';

const folder = new URL('../captures/control/', import.meta.url);

/** A call to a real daemon and what it answered. */
export type Capture = { [key: string]: Json } & { method: string };

export function capture(name: string): Capture {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
}

/** Names of all captures. */
export function captures(): string[] {
  return readdirSync(folder).map((file) => file.replace('.json', ''));
}
