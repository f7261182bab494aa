import type { NextStep } from '../../../src/engine/next-step.ts';
import { nextStepOf } from '../../../src/engine/next-step-of.ts';
import type { Outcome } from '../../../src/engine/outcome.ts';
import { showableValue } from '../../../src/probes/jacqos/address.ts';
import type { AppDir } from '../../../src/probes/jacqos/app-dir.ts';
import type { BundleFact } from '../../../src/probes/jacqos/bundle.ts';

/** The state of the bundle on this host. A missing one is not a fault, because this host may not need it. */
export type BundleState = { readonly notes: readonly string[] } & (
  | { readonly kind: 'sound' | 'failed'; readonly evidence: readonly string[] }
  | { readonly kind: 'unclear'; readonly reason: string; readonly next: NextStep; readonly evidence: readonly string[] }
);

const VERIFY: NextStep = { kind: 'do', text: 'Run jacqos verify in the folder of the app, and run again.' };

/** Combines the outcomes of the probes. */
export function bundleState(app: Outcome<AppDir>, bundle: Outcome<BundleFact>): BundleState {
  const unclear = (reason: string, next: NextStep, notes: readonly string[] = []): BundleState => ({
    kind: 'unclear',
    reason,
    next,
    evidence: [],
    notes,
  });
  const noBundle = (note: string): BundleState => ({ kind: 'sound', evidence: [], notes: [note] });
  if (app.kind === 'failed') return unclear(app.failure.detail, nextStepOf(app.failure));
  if (app.kind === 'value' && app.value.problem !== null)
    return unclear(app.value.problem, { kind: 'do', text: 'Correct jacqos.toml, and run again.' });
  if (bundle.kind === 'not-applicable') return noBundle(`no verification bundle was judged: ${bundle.reason}`);
  if (bundle.kind === 'failed')
    return unclear(`the verification bundle could not be read: ${bundle.failure.detail}`, nextStepOf(bundle.failure));
  const { path, found, newer } = bundle.value;
  if (found.kind === 'absent') {
    const others = found.others.length > 0 ? `; its folder has bundles of ${listApps(found.others)}` : '';
    return noBundle(`verification bundle ${path} does not exist${others}: jacqos verify creates it`);
  }
  if (found.kind === 'malformed') return unclear(`${path} is not a verification bundle: ${found.problem}`, VERIFY);
  const appId = app.kind === 'value' ? app.value.appId : null;
  if (found.appId !== null && found.appId !== appId)
    return unclear(`${path} is the bundle of the app ${showableValue(found.appId)}, not of ${appId}`, VERIFY);
  if (found.appId === null && found.status === 'passed') return unclear(`${path} passed and has no app_id`, VERIFY);
  const notes =
    newer === null
      ? []
      : [
          `${newer} is newer than the bundle, so the bundle may not describe the current app (a checkout gives all files a new time)`,
        ];
  const evidence = [`${path}: ${found.status}`];
  switch (found.status) {
    case 'failed': {
      const names = found.failing.map((name) => `failing: ${name}`);
      const omitted = found.failed - found.failing.length;
      return {
        kind: 'failed',
        evidence: [...evidence, ...names, ...(omitted > 0 ? [`${omitted} more failing`] : [])],
        notes,
      };
    }
    case 'passed':
      if (found.redactionFindings > 0)
        return unclear(
          `${path} passed, but has ${found.redactionFindings} redaction findings`,
          { kind: 'do', text: 'Check the redaction findings in that file before you publish.' },
          notes,
        );
      return { kind: 'sound', evidence, notes };
    case 'skipped':
      return unclear(`${path} says skipped: nothing was verified`, VERIFY, notes);
    default:
      return unclear(`${path} has the status "${found.status}", which no page documents`, VERIFY, notes);
  }
}

/** Apps that are named at most. */
const MAX_APPS = 3;

function listApps(apps: readonly string[]): string {
  const omitted = apps.length - MAX_APPS;
  const named = apps.slice(0, MAX_APPS).map(showableValue).join(', ');
  return `${apps.length === 1 ? 'the app' : 'the apps'} ${named}${omitted > 0 ? ` and ${omitted} more` : ''}`;
}
