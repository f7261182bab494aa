import { value } from '../../../engine/outcome.ts';
import { attempt, derive } from '../../../engine/probe.ts';
import { clean } from '../../../engine/text.ts';
import { redactSecrets } from '../../../vault/redact-secrets.ts';
import { type AcmeCause, acmeCause, isAcmeNoise } from './acme-refusal.ts';
import { journal } from './journal.ts';
import type { JournalEntry } from './journal-entry.ts';

/** A refused order: the last one of its domain. `text` is in the authority's or the proxy's own words. */
export type AcmeRefusal = {
  readonly atMs: number;
  readonly cause: AcmeCause;
  readonly text: string;
  /**
   * The authority as the proxy names it, such as `acme-v02.api.letsencrypt.org-directory`; null if no line names it.
   */
  readonly issuer: string | null;
};

/**
 * The lines of this node's log about one domain since the last start of the daemon. Times in ms since the epoch; null
 * for never.
 */
export type DomainLines = {
  /** In lower case. */
  readonly domain: string;
  readonly refusal: AcmeRefusal | null;
  /** `certificate obtained successfully`, or renewed. It may be a staging certificate. */
  readonly obtained: { readonly atMs: number; readonly issuer: string } | null;
  /** The last order that this node started. */
  readonly orderedAtMs: number | null;
  /** When the proxy tries again, from its last `will retry`. */
  readonly retryAtMs: number | null;
  /** Another node holds the lock of the order. */
  readonly lockedAtMs: number | null;
  /**
   * Stage-first: the staging certificate was good (docs/jaco-daemon/ingress.md#stage-first). Only the leader logs it.
   */
  readonly promotedAtMs: number | null;
  /** Stage-first: production did not follow within 5 min. `retryAfter` is a duration in Go's form. */
  readonly windowExpired: { readonly atMs: number; readonly failures: string; readonly retryAfter: string } | null;
};

/** The running ACME settings, as the daemon logs them at its start (v0.3.1 and later). */
export type AcmeSettings = { readonly enabled: boolean; readonly ca: string; readonly skipStaging: boolean };

export type AcmeLines = {
  /** Whether the journal contains all lines since the start of the daemon. If not, a missing line proves nothing. */
  readonly complete: boolean;
  readonly settings: AcmeSettings | null;
  readonly domains: readonly DomainLines[];
};

/** The lines about certificates: the proxy's own on stderr, and JACO's (docs/jaco-daemon/ingress.md#acme-errors). */
export const acmeLines = derive({
  name: 'jaco.acme-lines',
  where: 'node',
  from: { journal: attempt(journal) },
  derive({ journal }) {
    if (journal.kind !== 'value') return journal;
    const { entries, cut, dropped } = journal.value;
    return value(readAcmeLines(entries, !cut && dropped === 0));
  },
});

type DraftLines = { -readonly [K in keyof DomainLines]: DomainLines[K] };

const NO_LINES: Omit<DomainLines, 'domain'> = {
  refusal: null,
  obtained: null,
  orderedAtMs: null,
  retryAtMs: null,
  lockedAtMs: null,
  promotedAtMs: null,
  windowExpired: null,
};

/** Most domains that are kept: the first ones in the log. */
const MAX_DOMAINS = 1_000;
const MAX_TEXT = 500;

/** Reads entries, oldest first. A start of the daemon discards the lines before it. */
export function readAcmeLines(entries: readonly JournalEntry[], complete = true): AcmeLines {
  let settings: AcmeSettings | null = null;
  let started = false;
  let domains = new Map<string, DraftLines>();
  const linesOf = (domain: string): DraftLines => {
    const lines = domains.get(domain) ?? { domain, ...NO_LINES };
    if (domains.has(domain) || domains.size < MAX_DOMAINS) domains.set(domain, lines);
    return lines;
  };
  for (const entry of entries) {
    if (entry.raw) readProxyLine(entry, linesOf);
    else if (entry.subsystem === 'jacod' && entry.message === 'starting') {
      domains = new Map();
      settings = null;
      started = true;
    } else if (entry.message === 'ingress acme config') settings = settingsOf(entry);
    else if (entry.subsystem === 'stagefirst') readStage(entry, linesOf);
  }
  return { complete: complete && started, settings, domains: [...domains.values()] };
}

function settingsOf({ fields }: JournalEntry): AcmeSettings {
  return {
    enabled: fields['ENABLED'] === 'true',
    ca: fields['CA'] ?? '',
    skipStaging: fields['SKIP_STAGING'] === 'true',
  };
}

function readStage({ message, atMs, fields }: JournalEntry, linesOf: (domain: string) => DraftLines): void {
  const domain = fields['DOMAIN']?.toLowerCase();
  if (domain === undefined) return;
  if (message.startsWith('staging self-check passed')) linesOf(domain).promotedAtMs = atMs;
  if (message.startsWith('prod ACME issuance window expired'))
    linesOf(domain).windowExpired = {
      atMs,
      failures: fields['CONSECUTIVE_FAILURES'] ?? '',
      retryAfter: fields['RETRY_AFTER'] ?? '',
    };
}

type ProxyLine = { readonly [key: string]: unknown };

/** One JSON line of the proxy. Other lines, and lines about other subjects, are ignored. */
function readProxyLine({ message, atMs }: JournalEntry, linesOf: (domain: string) => DraftLines): void {
  const line = certificateLine(message);
  if (line === null) return;
  const [logger, msg, error] = [textOf(line, 'logger'), textOf(line, 'msg'), textOf(line, 'error')];
  const domain = domainOf(line, error);
  if (domain === null) return;
  if (msg === 'challenge failed' && logger === 'http.acme_client') {
    const { type, detail } = problemOf(line);
    refuse(linesOf(domain), { atMs, cause: acmeCause(type), text: detail, issuer: null });
  } else if (/^tls\.(obtain|renew)$/.test(logger)) readOrder(msg, error, line, atMs, linesOf(domain));
  else if (logger === 'tls' && error.includes('lock_held')) linesOf(domain).lockedAtMs = atMs;
}

function readOrder(msg: string, error: string, line: ProxyLine, atMs: number, lines: DraftLines): void {
  const retryingIn = Number(line['retrying_in']);
  if (/^(obtaining|renewing) certificate$/.test(msg)) lines.orderedAtMs = atMs;
  else if (/^certificate (obtained|renewed) successfully$/.test(msg))
    lines.obtained = { atMs, issuer: clean(textOf(line, 'issuer'), 253) };
  else if (error.includes('lock_held')) lines.lockedAtMs = atMs;
  else if (msg === 'will retry' && retryingIn >= 0 && retryingIn < 1e6) lines.retryAtMs = atMs + retryingIn * 1_000;
  else if (msg === 'could not get certificate from issuer' && !isAcmeNoise(error))
    refuse(lines, { atMs, cause: acmeCause(error), text: error, issuer: clean(textOf(line, 'issuer'), 253) || null });
}

/**
 * The two lines of one refusal are a moment apart. The first has only the authority's words, the second names the
 * authority.
 */
const SAME_REFUSAL_MS = 5_000;

function refuse(lines: DraftLines, refusal: AcmeRefusal): void {
  const last = lines.refusal;
  const same = last?.cause === refusal.cause && last.issuer === null && refusal.atMs - last.atMs < SAME_REFUSAL_MS;
  const text = same ? last.text : clean(redactSecrets(refusal.text), MAX_TEXT);
  lines.refusal = { ...refusal, text };
}

/** Parses a line that may be about a certificate; null for another. Most lines of the proxy are about requests. */
function certificateLine(message: string): ProxyLine | null {
  if (!message.startsWith('{') || !/"logger":"(tls|tls\.obtain|tls\.renew|http\.acme_client)"/.test(message))
    return null;
  try {
    return JSON.parse(message) as ProxyLine;
  } catch {
    return null;
  }
}

function domainOf(line: ProxyLine, error: string): string | null {
  const named =
    textOf(line, 'identifier') ||
    // `will retry` and `job failed` have it only in their error.
    (/^\[([^\]\s]{1,253})\] (?:Obtain|Renew): /.exec(error)?.[1] ??
      /^([^:\s]{1,253}): (?:obtaining|renewing|caching) certificate/.exec(error)?.[1] ??
      '');
  return named === '' ? null : clean(named.toLowerCase(), 253);
}

function problemOf(line: ProxyLine): { readonly type: string; readonly detail: string } {
  const { problem } = line;
  if (typeof problem !== 'object' || problem === null) return { type: '', detail: '' };
  return { type: textOf(problem as ProxyLine, 'type'), detail: textOf(problem as ProxyLine, 'detail') };
}

function textOf(line: ProxyLine, key: string): string {
  const text = Object.hasOwn(line, key) ? line[key] : '';
  return typeof text === 'string' ? text : '';
}
