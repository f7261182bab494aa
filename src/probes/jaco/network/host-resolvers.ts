import { stat } from 'node:fs/promises';
import { type Result, value } from '../../../engine/outcome.ts';
import { readText } from '../../io/files.ts';
import { probe } from '../jaco-probe.ts';
import { parseResolvConf, type ResolvConf } from './parse-resolv-conf.ts';

const RESOLV_CONF_PATH = '/etc/resolv.conf';

/** The host's current name servers from the file. `changedAtMs` is the file's ctime, in ms since the epoch. */
export type HostResolvers = ResolvConf & { readonly path: string; readonly changedAtMs: number | null };

/** /etc/resolv.conf, parsed with the daemon's rules. `absent` if there is none. */
export const hostResolvers = probe({
  name: 'host.resolv-conf',
  observes: 'host',
  deadlineMs: 500,
  async collect(): Promise<Result<HostResolvers>> {
    const [read, changedAtMs] = await Promise.all([
      readText(RESOLV_CONF_PATH),
      stat(RESOLV_CONF_PATH).then(
        (info) => Math.round(info.ctimeMs),
        () => null,
      ),
    ]);
    return read.kind === 'text' ? value({ path: RESOLV_CONF_PATH, changedAtMs, ...parseResolvConf(read.text) }) : read;
  },
});
