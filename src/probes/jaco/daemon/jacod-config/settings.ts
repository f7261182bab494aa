/** The settings of jacod.yaml, with the defaults (docs/jaco-daemon/daemon.md#config). Durations in ms. */
export type JacodSettings = {
  readonly dataDir: string;
  /** `host:port` as written; an unspecified host means that the daemon chooses a private address. */
  readonly listenAddr: string;
  readonly clusterAddr: string;
  /** The daemon's own label for its socket; systemd may hand it another (docs/jaco-daemon/control.md#control-socket). */
  readonly unixSocket: string;
  readonly wgPort: number;
  readonly acmeEmailSet: boolean;
  /** The directory URL in force. */
  readonly acmeCa: string;
  readonly acmeEnabled: boolean;
  readonly acmeSkipStaging: boolean;
  readonly logLevel: string;
  readonly ipamPool: string;
  readonly nodeStatusIntervalMs: number;
  /** As written, in order; empty means the name servers of /etc/resolv.conf. */
  readonly forwarders: readonly string[];
  readonly forwarderTimeoutMs: number;
};

/** The catalogue's causes of `config_invalid`, as far as the file itself shows them. */
export type ConfigCause =
  | 'unknown-key'
  | 'duplicate-key'
  | 'empty-file'
  | 'not-yaml'
  | 'wrong-type'
  | 'bad-value'
  | 'unreadable'
  | 'is-directory';

/** The first thing the daemon would refuse, in its own words, without the `load config PATH: ` before it. */
export type ConfigProblem = {
  /** `loop` is a forwarder that leads back into the container network. */
  readonly kind: 'loop' | 'invalid' | 'unreadable';
  readonly cause: ConfigCause | null;
  readonly message: string;
  /** Counted from 1; null where no place in the file can be named. */
  readonly line: number | null;
  readonly column: number | null;
  /** The key concerned, `dns.forwarders` style. */
  readonly key: string | null;
  /** The refused value of a loop. */
  readonly value: string | null;
};
