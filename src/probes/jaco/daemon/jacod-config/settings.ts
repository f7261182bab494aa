/** The settings of jacod.yaml, with the defaults (docs/jaco-daemon/daemon.md#config). Durations in ms. */
export type JacodSettings = {
  readonly dataDir: string;
  /** `host:port` as written. With an unspecified host, the daemon chooses a private address. */
  readonly listenAddr: string;
  readonly clusterAddr: string;
  /**
   * The daemon's own label for its socket; systemd may pass it another one
   * (docs/jaco-daemon/control.md#control-socket).
   */
  readonly unixSocket: string;
  readonly wgPort: number;
  readonly acmeEmailSet: boolean;
  /** The directory URL in use. */
  readonly acmeCa: string;
  readonly acmeEnabled: boolean;
  readonly acmeSkipStaging: boolean;
  readonly logLevel: string;
  readonly ipamPool: string;
  readonly nodeStatusIntervalMs: number;
  /** As written, in order. Empty means the name servers of /etc/resolv.conf. */
  readonly forwarders: readonly string[];
  readonly forwarderTimeoutMs: number;
};

/** The catalogue's causes of `config_invalid` that the file itself shows. */
export type ConfigCause =
  | 'unknown-key'
  | 'duplicate-key'
  | 'empty-file'
  | 'not-yaml'
  | 'wrong-type'
  | 'bad-value'
  | 'unreadable'
  | 'is-directory';

/** The first problem that the daemon would report, in its words, without the prefix `load config PATH: `. */
export type ConfigProblem = {
  /** `loop`: a forwarder that leads back into the container network. */
  readonly kind: 'loop' | 'invalid' | 'unreadable';
  readonly cause: ConfigCause | null;
  readonly message: string;
  /** Counted from 1; null if there is no position in the file. */
  readonly line: number | null;
  readonly column: number | null;
  /** The key, such as `dns.forwarders`. */
  readonly key: string | null;
  /** The rejected value of a loop. */
  readonly value: string | null;
};
