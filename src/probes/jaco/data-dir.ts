import { failed, type Result } from '../../engine/outcome.ts';
import { attempt } from '../../engine/probe.ts';
import { probe } from '../io/io.ts';
import { jacodConfig } from './config.ts';
import { jacodProcess } from './process.ts';
import { unit } from './unit.ts';

/** The daemon's data directory, by owner, mode and content of its own files. Sizes in bytes. */
export type DataDir = {
  readonly path: string;
  /** `denied` is the doctor's own missing right. */
  readonly seen: 'there' | 'absent' | 'denied' | 'not-a-directory' | 'unreadable';
  readonly owner: string | null;
  readonly group: string | null;
  readonly mode: number | null;
  /** raft/log.db: its presence is what makes this host a member (contract 3.3). */
  readonly raftState: 'present' | 'absent' | 'denied' | 'unreadable';
  /** Size of raft/log.db. */
  readonly logBytes: number | null;
  /** Hostnames of node/*.crt without ca.crt, sorted; null where they may not be listed. */
  readonly certificates: readonly string[] | null;
  readonly caCert: 'readable' | 'absent' | 'denied' | 'unreadable';
  /** peer_addrs of node/join.json; null where there is none or it may not be read. */
  readonly peers: readonly string[] | null;
  /** Who the daemon runs as; null where neither unit nor process says. */
  readonly daemonUser: string | null;
  /** What that user may do here, by owners, modes and the unit's sandbox. */
  readonly access: DaemonAccess;
  /** The file system under it; null where it cannot be asked. Inodes are null where the file system has no such count. */
  readonly space: {
    readonly mount: string | null;
    readonly freeBytes: number;
    readonly totalBytes: number;
    readonly freeInodes: number | null;
    readonly totalInodes: number | null;
  } | null;
  /** Processes that hold the lock of raft/log.db; null where that cannot be seen. */
  readonly lockHolders: readonly number[] | null;
  /** Processes that wait for it. */
  readonly lockWaiters: readonly number[] | null;
};

/** `unknown` where owner, mode or user could not be learnt. `why` is a sentence naming path, owner and mode. */
export type DaemonAccess =
  | { readonly kind: 'full' }
  | { readonly kind: 'unknown'; readonly why: string }
  | {
      readonly kind: 'unreadable' | 'unwritable';
      readonly cause: 'wrong-owner' | 'wrong-mode' | 'outside-unit' | 'read-only-mount';
      readonly why: string;
    };

/** The data directory. Never opens the raft store. */
export const dataDir = probe({
  name: 'jaco.data-dir',
  after: { unit: attempt(unit), config: jacodConfig, process: attempt(jacodProcess) },
  deadlineMs: 2_000,
  collect: async () => failed('unreadable', 'start', 'not written yet') as Result<DataDir>,
});
