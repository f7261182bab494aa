import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { App } from '../../../src/demo/jacqos/app.ts';

/** A separate folder for the running test. */
export let root: string;
/** An app in that folder. A test file that imports it gets a new one for each test. */
export let app: App;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jacqos-app-'));
  app = new App(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The settings that name the app's folder. */
export const settings = () => ({ appDir: app.dir });
/** The fact that probes of the app need. */
export const facts = (given: object = {}) => ({
  app: { dir: app.dir, toml: 'there', appId: 'shop', problem: null, ...given },
});
