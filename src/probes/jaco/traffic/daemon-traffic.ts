import { isIPv4 } from 'node:net';
import { factOf, failed, notApplicable, type Result, value } from '../../../engine/outcome.ts';
import { attempt } from '../../../engine/probe.ts';
import type { Table } from '../../host/filter/table.ts';
import { readText } from '../../io/files.ts';
import { probeFrom, SILENCE_MS } from '../../io/prober/probe-from.ts';
import type { ProberReply, ProberRequest } from '../../io/prober/prober-request.ts';
import { sendAll } from '../../io/prober/send-all.ts';
import { daemonNetwork } from '../daemon/daemon-network.ts';
import { jacodProcess } from '../daemon/jacod-process.ts';
import { packetFilter } from '../isolation/packet-filter.ts';
import { probe } from '../jaco-probe.ts';
import { EXTERNAL_NAME } from '../network/upstream-answers.ts';
import { upstreams } from '../network/upstreams.ts';

/** The answer of a name server to jacod's user, null if it could not ask, and its answer to the doctor's user. */
export type DaemonFlow = {
  readonly host: string;
  readonly port: number;
  readonly asDaemon: ProberReply | null;
  readonly asSelf: ProberReply;
};

/**
 * jacod's own traffic, sent as its user. `notAsked` is why that user could not send, for example because it may not run
 * Node.
 */
export type DaemonTraffic = {
  readonly user: string;
  readonly uid: number;
  readonly gid: number;
  readonly flows: readonly DaemonFlow[];
  readonly notAsked?: string;
};

const MAX_SERVERS = 4;

/**
 * Asks the name servers as jacod's user, if a rule of this host distinguishes users: an answer to root proves nothing
 * then.
 */
export const daemonTraffic = probe({
  name: 'jaco.daemon-traffic',
  observes: 'host',
  right: 'root',
  after: { network: daemonNetwork, process: jacodProcess, filter: packetFilter, upstreams: attempt(upstreams) },
  deadlineMs: 4_000,
  async collect(io, { process: { main }, filter, upstreams }, signal): Promise<Result<DaemonTraffic>> {
    if (main === null || main.uid === null) return notApplicable('no jacod is running here');
    if (main.uid === process.getuid?.()) return notApplicable('jacod runs as the user of this program');
    if (!filter.tables.some(tellsUsersApart)) return notApplicable('no rule of this host distinguishes users');
    const gid = await groupOf(main.pid);
    if (gid === null) return failed('denied', 'process', `the group of jacod (pid ${main.pid}) could not be read`);
    const places = (factOf(upstreams)?.list ?? [])
      .flatMap(({ place, loop }) => (place === null || loop || !isIPv4(place.host) ? [] : [place]))
      .slice(0, MAX_SERVERS);
    const requests = places.map(
      ({ host, port }): ProberRequest => ({ kind: 'dns', over: 'udp', host, port, name: EXTERNAL_NAME }),
    );
    io.phase('send');
    const [asDaemon, asSelf] = await Promise.all([
      probeFrom({ kind: 'user', uid: main.uid, gid }, requests, signal),
      sendAll({ requests, limitMs: SILENCE_MS }, signal),
    ]);
    const replies = asDaemon.kind === 'replies' ? asDaemon.replies : [];
    return value({
      user: main.user ?? String(main.uid),
      uid: main.uid,
      gid,
      flows: places.map(({ host, port }, index) => ({
        host,
        port,
        asDaemon: replies[index] ?? null,
        asSelf: asSelf[index] as ProberReply,
      })),
      ...(asDaemon.kind === 'failed' ? { notAsked: asDaemon.failure.detail } : {}),
    });
  },
});

function tellsUsersApart({ chains }: Table): boolean {
  return chains.some(({ rules }) => rules.some(({ text }) => /\bskuid\b|\bskgid\b|\bowner\b/.test(text)));
}

async function groupOf(pid: number): Promise<number | null> {
  const status = await readText(`/proc/${pid}/status`);
  const [, gid] = /^Gid:\s+\d+\s+(\d+)/m.exec(status.kind === 'text' ? status.text : '') ?? [];
  return gid === undefined ? null : Number(gid);
}
