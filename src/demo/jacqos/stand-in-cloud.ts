import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeOnSignal } from '../close-on-signal.ts';
import { App } from './app.ts';
import { standInCa } from './certificates.ts';
import { json, Plane } from './plane.ts';
import { StandInCli } from './stand-in-cli.ts';

/**
 * Everything that jacqos-doctor examines, with invented contents: real HTTPS servers, a command on PATH, the folder of
 * an app.
 */
export class StandInCloud {
  readonly app: App;
  readonly program: StandInCli;
  readonly management: Plane;
  readonly runtime: Plane;
  readonly ca = standInCa;
  /** Variables of the user's shell in addition to PATH. */
  readonly env: { [name: string]: string } = {};
  /** The text that the user passes with --from; null for none. */
  pasted: string | null = null;
  deep = false;
  readonly #root: string;
  readonly #unregister: () => void;

  private constructor(root: string, management: Plane, runtime: Plane) {
    this.#root = root;
    this.management = management;
    this.runtime = runtime;
    // Registered first, because the next statements throw on a full disk.
    this.#unregister = closeOnSignal(() => rmSync(root, { recursive: true, force: true }));
    this.app = new App(root);
    this.program = new StandInCli(root);
  }

  /** A healthy cloud. The caller changes it, then calls `program.write()`. */
  static async open(): Promise<StandInCloud> {
    const [management, runtime] = await Promise.all([
      Plane.open(json(200, { status: 'ok' })),
      Plane.open({ kind: 'answer', status: 200, body: 'ready\n' }),
    ]);
    return new StandInCloud(mkdtempSync(join(tmpdir(), 'jacqos-demo-')), management, runtime);
  }

  get root(): string {
    return this.#root;
  }

  /**
   * The environment of the user's shell: the stand-in command first on PATH, and only the JacqOS variables in `env`.
   */
  get environment(): { [name: string]: string } {
    return { PATH: `${this.program.folder}:/usr/bin:/bin`, HOME: this.#root, ...this.env };
  }

  async close(): Promise<void> {
    this.#unregister();
    await Promise.all([this.management.close(), this.runtime.close()]);
    rmSync(this.#root, { recursive: true, force: true });
  }
}
