import { probeFactory } from '../../engine/probe.ts';
import type { Secret } from '../../vault/vault.ts';

/**
 * What the output of a failed command reports: known ids in order, and unknown codes in the position of a code. The
 * text itself is not kept, because it may contain anything.
 */
export type ReportedOutput = {
  readonly ids: readonly string[];
  readonly unrecognised: readonly string[];
  /** Bytes read; `cut` if there were more. */
  readonly bytes: number;
  readonly cut: boolean;
};

/**
 * What the user asked for, as far as probes need it. It is recorded, so it contains no secret. Null means "not given":
 * the probe then finds the value on the host.
 */
export type JacoSettings = {
  /**
   * Path of the control socket. An empty string means that there is none (docs/jaco-daemon/control.md#cli-transport).
   */
  readonly socket: string | null;
  /** Path of jacod.yaml. */
  readonly config: string | null;
  /** Path of the cluster CA for verified connections. */
  readonly caCert: string | null;
  /**
   * Operator ports to ask over the network, `host:port`, the first one first; empty if this host itself is examined.
   */
  readonly servers: readonly string[];
  /**
   * Set if the examined node is the stand-in of `demo` and not this host: its hostname, since when its daemon runs (ms
   * since the epoch; null if it does not run), its release, and the socket of its Docker. The host's own state
   * (systemd, journal, processes) is then not read.
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
  /** The facts from the input of `--from`. */
  readonly from: ReportedOutput | null;
  /** External hosts that containers must reach, `host:port`, as the operator names them. */
  readonly outside: readonly string[];
  /** Whether applications may be asked: one HEAD request for each route. */
  readonly deep: boolean;
  /** How far back to read the journal, in ms. */
  readonly sinceMs: number;
};

/** The input of JACO's probes: their access to the outside world. */
export type JacoIo = {
  readonly settings: JacoSettings;
  /** The given operator token; null if none was given. It may be empty or not a token at all. */
  readonly token: Secret | null;
};

/** Declares a probe of JACO. */
export const probe = probeFactory<JacoIo>();
