/** The file that jacod reads if neither `--config` nor JACO_CONFIG names one (docs/jaco-daemon/daemon.md#config). */
export const DEFAULT_CONFIG_PATH = '/etc/jaco/jacod.yaml';
