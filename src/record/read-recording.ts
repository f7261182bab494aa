import { readFile, stat } from 'node:fs/promises';
import * as v from 'valibot';
import { productNames } from '../catalog/generated/catalogs.ts';
import type { CollectedFact } from '../engine/collect-facts.ts';
import type { NextStep } from '../engine/next-step.ts';
import { decodeText } from '../engine/plain-lines.ts';
import { clean } from '../engine/text.ts';
import { RECORDING_SCHEMA, type Recording } from './recording.ts';

/** A limit in bytes; larger than any recording of this program. */
const MAX_BYTES = 64 * 1024 * 1024;

const stringSchema = v.string();
const nextStepSchema = v.variant('kind', [
  v.object({ kind: v.picklist(['as-root', 'again', 'by-hand', 'answer', 'record', 'report']) }),
  v.object({ kind: v.literal('as-owner'), path: stringSchema }),
  v.object({ kind: v.literal('install'), program: stringSchema }),
  v.object({ kind: v.literal('more-time'), budgetMs: v.number() }),
  v.object({ kind: v.literal('on-node'), node: v.nullable(stringSchema) }),
  v.object({ kind: v.literal('flag'), flag: stringSchema, value: stringSchema, why: stringSchema }),
  v.object({ kind: v.literal('run'), argv: v.array(stringSchema) }),
  v.object({ kind: v.literal('do'), text: stringSchema }),
]) satisfies v.GenericSchema<unknown, NextStep>;
const failureSchema = v.object({
  why: stringSchema,
  phase: stringSchema,
  detail: stringSchema,
  root: stringSchema,
  next: v.optional(nextStepSchema),
});
const outcomeSchema = v.variant('kind', [
  v.object({ kind: v.literal('value'), value: v.any() }),
  v.object({ kind: v.literal('failed'), failure: failureSchema }),
  v.object({ kind: v.literal('not-applicable'), reason: stringSchema }),
]);
const recordingSchema = v.object({
  schema: stringSchema,
  tool: v.object({ name: stringSchema, version: stringSchema }),
  product: v.picklist(productNames),
  mode: v.picklist(['node', 'anywhere']),
  // The range of a date.
  now: v.pipe(v.number(), v.integer(), v.minValue(-8.64e15), v.maxValue(8.64e15)),
  durationMs: v.pipe(v.number(), v.integer(), v.minValue(0)),
  selection: v.object({ only: v.array(stringSchema), skip: v.array(stringSchema) }),
  failOn: v.picklist(['fail', 'warn', 'never']),
  repeat: v.array(stringSchema),
  facts: v.record(stringSchema, v.object({ outcome: outcomeSchema, startedMs: v.number(), endedMs: v.number() })),
});

/** Reads a recording. `problem` is one sentence that says what is wrong with the file, and where. */
export async function readRecording(path: string): Promise<{ recording: Recording } | { problem: string }> {
  let content: string;
  try {
    const info = await stat(path);
    if (!info.isFile()) return { problem: `${path} is not a file` };
    if (info.size > MAX_BYTES) return { problem: `${path} is larger than any recording (${MAX_BYTES} bytes)` };
    content = decodeText(await readFile(path));
  } catch (error) {
    return { problem: `${path} cannot be read: ${(error as NodeJS.ErrnoException).code}` };
  }
  return parseRecording(content, path);
}

/** Parses a recording; a problem names the file by `path`. */
export function parseRecording(content: string, path: string): { recording: Recording } | { problem: string } {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    return { problem: `${path} is not JSON: ${clean((error as Error).message, 120)}` };
  }
  const header = v.safeParse(v.object({ schema: stringSchema }), json);
  if (!header.success) return { problem: `${path} is not a recording: it has no "schema"` };
  if (header.output.schema !== RECORDING_SCHEMA)
    return {
      problem: `${path} has schema "${clean(header.output.schema, 40)}"; this version reads ${RECORDING_SCHEMA}`,
    };
  const parsed = v.safeParse(recordingSchema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const location = issue.path?.map((part) => String(part.key)).join('.') ?? 'top level';
    return { problem: `${path} is damaged at ${clean(location, 120)}: ${clean(issue.message, 160)}` };
  }
  const { schema: _, facts, ...head } = parsed.output;
  return { recording: { ...head, facts: new Map(Object.entries(facts) as [string, CollectedFact][]) } };
}
