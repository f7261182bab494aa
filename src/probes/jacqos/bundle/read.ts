import { stateOfValue } from '../reader/keys.ts';
import { isShowable } from '../reader/shape.ts';

/** What a bundle says, as far as its documented keys go; the shapes of its checks and findings are not documented. */
export type Bundle =
  | { readonly kind: 'malformed'; readonly problem: string }
  | {
      readonly kind: 'read';
      readonly appId: string | null;
      /** `passed`, `failed` or `skipped` by the page; any other word as it stands, null where there is none. */
      readonly status: string | null;
      /** Names of checks and fixtures that failed, as far as they have one that may be shown. */
      readonly failing: readonly string[];
      /** How many failed in all. */
      readonly failed: number;
      readonly redactionFindings: number;
      readonly evaluatorDigest: string | null;
    };

const MOST_NAMES = 20;

/** Reads a bundle tolerantly: a key that is not there is null, never a guess. */
export function readBundle(text: string): Bundle {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'malformed', problem: 'it is no JSON' };
  }
  if (!isRecord(json)) return { kind: 'malformed', problem: 'it is no record of keys' };
  const status = wordOf(json['status']);
  if (status === null) return { kind: 'malformed', problem: 'it has no status' };
  const failing = [json['checks'], json['fixtures']].flatMap((list) =>
    Array.isArray(list) ? list.filter(hasFailed) : [],
  );
  const findings = json['redaction_findings'];
  return {
    kind: 'read',
    appId: typeof json['app_id'] === 'string' ? json['app_id'].slice(0, 200) : null,
    status,
    failing: failing.flatMap((one) => nameOf(one) ?? []).slice(0, MOST_NAMES),
    failed: failing.length,
    redactionFindings: Array.isArray(findings) ? findings.length : 0,
    evaluatorDigest: typeof json['evaluator_digest'] === 'string' ? json['evaluator_digest'].slice(0, 200) : null,
  };
}

type Fields = { readonly [key: string]: unknown };

function isRecord(json: unknown): json is Fields {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function wordOf(status: unknown): string | null {
  if (typeof status !== 'string' || status.trim() === '') return null;
  return isShowable(status.trim()) ? status.trim() : 'a word that is not shown';
}

function hasFailed(one: unknown): one is Fields {
  if (!isRecord(one)) return false;
  return Object.entries(one).some(
    ([key, value]) =>
      (typeof value === 'string' || typeof value === 'boolean') && stateOfValue(key, value) === 'failing',
  );
}

function nameOf(one: Fields): string | null {
  for (const key of ['name', 'id', 'check', 'fixture', 'title', 'path', 'code']) {
    const name = one[key];
    // A fixture is named by its file.
    if (typeof name === 'string' && name.split('/').every(isShowable)) return name;
  }
  return null;
}
