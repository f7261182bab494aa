import { probesOver } from '../../engine/probe.ts';
import type { Secret } from '../../vault/vault.ts';

/**
 * What the output of a failed command reports: known ids in the order met, and codes that are in an error's place but not in
 * the catalogue. The text itself is not kept: it may hold anything.
 */
export type ReportedOutput = {
  readonly ids: readonly string[];
  readonly unrecognised: readonly string[];
  /** Bytes read; `cut` when there were more. */
  readonly bytes: number;
  readonly cut: boolean;
};

/**
 * What the user asked for, as far as probes need it. No secret is in here: it is recorded.
 * Null is "not given": the probe then finds the value on the host.
 */
export type JacoSettings = {
  /** Path of the control socket; an empty string says that there is none (docs/jaco-daemon/control.md#cli-transport). */
  readonly socket: string | null;
  /** Path of jacod.yaml. */
  readonly config: string | null;
  /** Path of the cluster CA for verified dials. */
  readonly caCert: string | null;
  /** Operator ports to ask over the network, `host:port`, the first one first; empty where this host itself is looked at. */
  readonly servers: readonly string[];
  /**
   * Set where the node looked at is the stand-in of `demo` and not this host: its hostname, since when its daemon runs
   * (ms since the epoch; null: it does not), the release that it stands for, and the socket of its Docker. Whatever is this
   * host's own (systemd, journal, processes) is then not looked at.
   */
  readonly standIn: {
    readonly hostname: string;
    readonly runningSinceMs: number | null;
    readonly version: string;
    readonly docker: string;
    /** A file in the form of `journalctl --output=json`; null if the stand-in has no journal. */
    readonly journal: string | null;
    /** The ports of each node's proxy, by hostname. */
    readonly proxies: {
      readonly [hostname: string]: { readonly admin: number; readonly http: number; readonly https: number };
    };
  } | null;
  /** What `--from` was given, read already. */
  readonly from: ReportedOutput | null;
  /** Hosts outside that containers must reach, `host:port`, as the operator names them. */
  readonly outside: readonly string[];
  /** Whether applications may be asked: one HEAD request a route. */
  readonly deep: boolean;
  /** How far back the journal is read, in ms. */
  readonly sinceMs: number;
};

/** What a probe of JACO is given to reach the world with. */
export type JacoIo = {
  readonly settings: JacoSettings;
  /** What was given as operator token: null where nothing was. It may be empty, or no token at all. */
  readonly token: Secret | null;
};

/** Declares a probe of JACO. */
export const probe = probesOver<JacoIo>();
