import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folder of an app as `jacqos scaffold` creates it (CLI), with a bundle that has the documented top-level keys
 * (VB).
 */
export class App {
  readonly dir: string;
  readonly bundlePath: string;
  readonly sessionPath: string;

  constructor(
    root: string,
    readonly id = 'shop',
  ) {
    this.dir = join(root, 'app');
    this.bundlePath = join(this.dir, 'generated', 'verification', `${id}.json`);
    this.sessionPath = join(this.dir, '.jacqos', 'cloud', 'session.json');
    this.write('jacqos.toml', `app_id = "${id}"\napp_version = "0.1.0"\n`);
    this.write('ontology/rules.dh', '');
    this.write('fixtures/orders.jsonl', '{"kind":"order","payload":{}}\n');
    // The page (CLOUDCLI) says only that a session file holds digests and scope metadata.
    this.write('.jacqos/cloud/session.json', '{"session_digest":"sha256:3d1f","scope":{"project":"demo"}}\n');
    this.verify('passed');
  }

  /** Writes a file below the app's folder. */
  write(path: string, text: string): void {
    const file = join(this.dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Writes a bundle as `jacqos verify` might; `extraKeys` are added to it. */
  verify(status: string, extraKeys: { readonly [key: string]: unknown } = {}): void {
    const bundle = {
      version: 'jacqos_verify_v1',
      app_id: this.id,
      evaluator_digest: 'sha256:77aa01b2c3',
      prompt_bundle_digest: null,
      llm_complete_active: false,
      status,
      summary: {},
      checks: [],
      redaction_findings: [],
      fixtures: [],
      ...extraKeys,
    };
    this.write(`generated/verification/${this.id}.json`, `${JSON.stringify(bundle, null, 2)}\n`);
  }
}
