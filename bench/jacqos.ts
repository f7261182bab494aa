import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { jacqos } from '../checks/jacqos.ts';
import { readRecording } from '../src/record/read-recording.ts';
import { criticalPath } from './critical-path.ts';
import { median, medianTimes, runOnce } from './measure.ts';

/** Reports one measurement and whether it is within its limit. */
type Report = (what: string, measured: number, limit: number, unit: string, detail?: string) => void;

type Location = { readonly env: readonly string[]; readonly flags: readonly string[] };

/**
 * Runs a stand-in cloud in its own process during `run`, and passes `run` the environment and the flags for the doctor.
 */
async function withCloud(standIn: string, state: string, run: (location: Location) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, [standIn, state], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const location = await new Promise<Location>((resolve) => {
      child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(JSON.parse(text)));
    });
    await run(location);
  } finally {
    child.stdin.end();
  }
}

/** Measures the limits of docs/architecture.md#speed for jacqos-doctor. */
export async function benchJacqos(bin: string, standIn: string, scratch: string, report: Report): Promise<void> {
  const doctor = [process.execPath, bin];
  const times = await medianTimes(
    {
      bare: [process.execPath, '-e', '0'],
      version: [...doctor, '--version'],
      explain: [...doctor, 'explain', 'no_active_evaluator'],
    },
    15,
  );
  report('jacqos --version, against bare node', times.version / times.bare, 4, 'x', `${times.version.toFixed(0)} ms`);
  report('jacqos explain, against bare node', times.explain / times.bare, 4, 'x', `${times.explain.toFixed(0)} ms`);
  await withCloud(standIn, 'jacqos', async ({ env, flags }) => {
    const command = ['env', ...env, ...doctor];
    const start = await medianTimes({ version: [...command, '--version'] }, 9);
    const ratios: number[] = [];
    let detail = '';
    for (let run = 0; run < 9; run++) {
      const file = join(scratch, `jacqos-${run}.json`);
      const { ms } = await runOnce([...command, ...flags, '--record', file]);
      const read = await readRecording(file);
      if ('problem' in read) throw new Error(read.problem);
      const { facts, durationMs } = read.recording;
      const path = criticalPath(jacqos, facts);
      // Modules that load before the first probe are on every path, but are not part of the time of --version.
      const probesEndMs = Math.max(...[...facts.values()].map(({ endedMs }) => endedMs));
      const loadMs = Math.max(0, durationMs - probesEndMs - start.version);
      ratios.push(Math.max(0, ms - start.version) / (path.ms + loadMs));
      detail = `${ms.toFixed(0)} ms in total, critical path ${path.ms.toFixed(0)} ms: ${path.names.join(' > ')}`;
    }
    report('jacqos healthy, less start-up, against path', median(ratios), 1.2, 'x', detail);
  });
  await withCloud(standIn, 'jacqos-stalled', async ({ env, flags }) => {
    const { ms, code } = await runOnce(['env', ...env, ...doctor, ...flags, '--timeout', '2s']);
    report('jacqos, everything stalled, budget 2,000 ms', ms, 2_250, 'ms', `exit ${code}`);
  });
}
