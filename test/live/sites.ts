import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, type Issuer } from '../../src/demo/certificate.ts';
import { expectSaid, type Said } from '../real/expect.ts';
import { type Run, until } from '../real/shell.ts';
import type { Lab } from './lab.ts';
import { type ServiceOf, Workloads } from './workloads.ts';

const DAY_MS = 86_400_000;
const OUTSIDE: Issuer = (() => {
  const own = { name: 'Lab Issuing CA', organization: 'Lab' };
  return { ...own, ...certificate({ ...own, key: 'ec' }) };
})();

/** A service that answers HTTP at port 8080. */
export const WEB: ServiceOf = { compose: ['command: [busybox, httpd, -f, -p, "8080", -h, /bin]'] };

/** A line of `routes` in jaco.yaml. */
export function route(domain: string, { service = 'web', port = 8080, tls = 'auto' } = {}): string {
  return `  - {domain: "${domain}", service: ${service}, port: ${port}, tls: "${tls}"}`;
}

/** A lab of real engines and an authority, and what an operator sees of its routes and certificates. */
export class Sites extends Workloads {
  readonly #lab: Lab;

  constructor(lab: Lab) {
    super(lab);
    this.#lab = lab;
  }

  /** A deployment with one web server behind these domains, once it is running. */
  async serve(name: string, domains: readonly string[], tls: 'auto' | 'off' = 'auto', on = 1): Promise<void> {
    await this.apply(
      name,
      { web: { ...WEB, on } },
      domains.map((domain) => route(domain, { tls })),
    );
    await this.until(`${name}-web-0`, 'running');
  }

  /** Runs the doctor on a node, with its daemon's output so far as its journal. */
  override async looks(what: string, said: Partial<Said> & { note?: RegExp; on?: number }): Promise<Run> {
    this.#lab.keepJournal(said.on ?? 1);
    return super.looks(what, said);
  }

  /** Waits until the doctor on node `on` finds this id first, or for the limit, and then returns its report. */
  async comesTo(what: string, said: Partial<Said> & { on?: number }, limitMs = 40_000): Promise<Run> {
    const end = performance.now() + limitMs;
    const first = async (): Promise<string | null> => {
      this.#lab.keepJournal(said.on ?? 1);
      return (await this.#lab.doctor(said.on ?? 1)).report.first;
    };
    while ((await first()) !== (said.first ?? null) && performance.now() < end);
    return this.looks(what, said);
  }

  /** Runs the printed verify command of a finding on a node until it passes, 60 s at most. */
  async verified(what: string, run: Run, id: string, on = 1): Promise<void> {
    let after: Run | null = null;
    await until(
      `${what}, fixed`,
      async () => {
        this.#lab.keepJournal(on);
        after = await this.verify(on, run, id);
        return after.code === 0;
      },
      60_000,
    );
    expectSaid(`${what}, fixed`, after as unknown as Run, { first: null, exit: 0 });
  }

  /** Waits until node `i` answers TLS for a domain with a certificate. An order that failed is repeated after 60 s. */
  async certified(domain: string, i = 1): Promise<void> {
    await until(`a certificate for ${domain} on node ${i}`, async () => (await this.leaf(domain, i)) !== '', 100_000);
  }

  /** What openssl prints of the certificate that node `i` serves for a domain; empty if there is none. */
  leaf(domain: string, i = 1): Promise<string> {
    return this.#lab.sh(`lab_leaf ${i} ${domain}`);
  }

  /**
   * Puts a certificate of a stopped authority into node 1's copies: the daemon stores it in the cluster as soon as a
   * route asks for it (docs/jaco-daemon/ingress.md#certificate-state).
   */
  store(domain: string, { from, to }: { from: number; to: number }): void {
    const folder = join(this.#lab.folder, 'j1/data/ingress/cache');
    const [start, end] = [from, to].map((days) => new Date(Date.now() + days * DAY_MS)) as [Date, Date];
    const leaf = certificate({ name: domain, names: [domain], issuer: OUTSIDE, key: 'ec', from: start, to: end });
    const authority = `${this.#lab.subnet}.250-14000-dir`;
    const stored = {
      crt: leaf.cert + OUTSIDE.cert,
      key: leaf.key,
      json: JSON.stringify({
        sans: [domain],
        issuer_data: { url: `https://${authority}/1`, ca: `https://${authority}` },
      }),
    };
    mkdirSync(folder, { recursive: true });
    for (const [end, text] of Object.entries(stored)) {
      const key = `certificates/${authority}/${domain}/${domain}.${end}`;
      writeFileSync(join(folder, createHash('sha256').update(key).digest('hex')), text, { mode: 0o600 });
    }
  }
}
