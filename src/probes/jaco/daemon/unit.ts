import { notApplicable, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import { identity } from '../../host/identity.ts';
import { childFailure } from '../../io/child-failure.ts';
import { runChild } from '../../io/run-child.ts';
import { probe } from '../jaco-probe.ts';
import { readEnvironmentFiles } from './unit/environment-files.ts';
import { environmentFilesOf, parseUnits, UNIT_PROPERTIES } from './unit/parse-units.ts';
import type { Units } from './unit/units.ts';

export type { ServiceState, SocketState, Units } from './unit/units.ts';

/**
 * Whether jaco.service has a main process now. `activating` alone is not enough, because it may be the pause of a
 * restart loop.
 */
export function isServiceRunning({ service }: Units): boolean {
  return service.mainPid !== null && service.active !== 'inactive' && service.active !== 'failed';
}

/** The state of jaco.service and jaco.socket in systemd. Not applicable if systemd did not boot the host. */
export const unit = probe({
  name: 'jaco.unit',
  after: { identity: attempt(identity) },
  deadlineMs: 2_000,
  async collect(io, { identity }, signal): Promise<Result<Units>> {
    if (identity.kind === 'value' && !identity.value.systemd) return notApplicable('systemd did not boot this host');
    io.phase('systemctl');
    const ended = await runChild(
      ['systemctl', 'show', '--no-pager', `--property=${UNIT_PROPERTIES.join(',')}`, 'jaco.service', 'jaco.socket'],
      { signal },
    );
    if (ended.kind === 'failed') return ended;
    io.phase('environment files');
    const files = await readEnvironmentFiles(environmentFilesOf(ended.stdout));
    const units = parseUnits(ended.stdout, files);
    // systemd's own environment applies only if the unit names no file.
    if (units !== null && units.service.load === 'loaded' && units.service.configPath === null) {
      const manager = await runChild(['systemctl', 'show', '--no-pager', '--property=Environment'], { signal });
      if (manager.kind === 'failed') return value(units);
      return value(parseUnits(ended.stdout, files, manager.stdout.replace(/^Environment=/, '').trim()) ?? units);
    }
    if (units !== null) return value(units);
    return childFailure('systemctl', ended, { kind: 'run', argv: ['systemctl', 'status', 'jaco', '--no-pager'] });
  },
});
