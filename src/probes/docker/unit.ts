import { notApplicable, type Result, value } from '../../engine/outcome.ts';
import { attempt } from '../../engine/probe.ts';
import { clean } from '../../engine/text.ts';
import { identity } from '../host/identity.ts';
import { childFailure } from '../io/child-failure.ts';
import { probe } from '../io/io.ts';
import { runChild } from '../io/run-child.ts';
import { parseSystemctlShow, parseUnitTime, type UnitProperties } from '../io/systemctl-show.ts';

/** The state of docker.service and docker.socket in systemd's terms. Time in ms since the epoch. */
export type DockerUnit = {
  readonly service: {
    readonly load: string;
    readonly active: string;
    readonly sub: string;
    readonly result: string;
    readonly mainPid: number | null;
    readonly startedAtMs: number | null;
  };
  readonly socket: { readonly load: string; readonly active: string };
};

const PROPERTIES = 'Id,LoadState,ActiveState,SubState,Result,MainPID,ExecMainStartTimestamp';

/**
 * Docker's units. They are read before the doctor connects to the socket, because docker.socket would start a stopped
 * engine.
 */
export const dockerUnit = probe({
  name: 'docker.unit',
  after: { identity: attempt(identity) },
  deadlineMs: 2_000,
  async collect(io, { identity }, signal): Promise<Result<DockerUnit>> {
    if (identity.kind === 'value' && !identity.value.systemd) return notApplicable('systemd did not boot this host');
    io.phase('systemctl');
    const result = await runChild(
      ['systemctl', 'show', '--no-pager', `--property=${PROPERTIES}`, 'docker.service', 'docker.socket'],
      { signal },
    );
    if (result.kind === 'failed') return result;
    const blocks = parseSystemctlShow(result.stdout);
    const service = blocks.find((block) => block.first('Id') === 'docker.service');
    const socket = blocks.find((block) => block.first('Id') === 'docker.socket');
    if (!service || !socket)
      return childFailure('systemctl', result, { kind: 'run', argv: ['systemctl', 'status', 'docker', '--no-pager'] });
    return value({
      service: {
        ...loadState(service),
        sub: clean(service.first('SubState'), 60),
        result: clean(service.first('Result'), 60),
        mainPid: Number(service.first('MainPID')) || null,
        startedAtMs: parseUnitTime(service.first('ExecMainStartTimestamp')),
      },
      socket: loadState(socket),
    });
  },
});

function loadState(unit: UnitProperties): { load: string; active: string } {
  return { load: clean(unit.first('LoadState'), 60), active: clean(unit.first('ActiveState'), 60) };
}
