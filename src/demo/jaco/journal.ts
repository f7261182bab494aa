import { appendFileSync } from 'node:fs';

/**
 * The journal of a stand-in node, as a file in the format of `journalctl --output=json`: the first line of its daemon,
 * and the lines that a fault adds.
 */
export class DemoJournal {
  readonly #path: string;
  #written = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** The file; null if nothing was written, because most stand-ins have no journal. */
  get path(): string | null {
    return this.#written ? this.#path : null;
  }

  /** A line of the daemon's own log, `agoMs` ms ago. */
  addDaemonLine(agoMs: number, message: string, fields: { readonly [name: string]: string }): void {
    this.#append(agoMs, { MESSAGE: message, PRIORITY: '6', SYSLOG_IDENTIFIER: 'jacod', ...fields });
  }

  /** A line that the proxy wrote to stderr, `agoMs` ms ago (docs/jaco-daemon/journal.md#stderr-lines). */
  addProxyLine(agoMs: number, line: { readonly [key: string]: unknown }): void {
    const ts = (Date.now() - agoMs) / 1_000;
    this.#append(agoMs, {
      MESSAGE: JSON.stringify({ level: 'error', ts, ...line }),
      PRIORITY: '6',
      _TRANSPORT: 'stdout',
    });
  }

  #append(agoMs: number, fields: { readonly [name: string]: string }): void {
    if (!this.#written) {
      this.#written = true;
      this.addDaemonLine(3_600_000, 'starting', { SUBSYSTEM: 'jacod' });
    }
    const atUs = String((Date.now() - agoMs) * 1_000);
    const common = { __REALTIME_TIMESTAMP: atUs, _SYSTEMD_UNIT: 'jaco.service', _PID: '1' };
    appendFileSync(this.#path, `${JSON.stringify({ ...common, ...fields })}\n`);
  }
}
