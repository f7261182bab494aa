/** A container of the stand-in engine. Times in ms since the epoch; null for never. */
export type DemoContainer = {
  id: string;
  name: string;
  image: string;
  labels: Record<string, string>;
  state: 'created' | 'running' | 'paused' | 'exited';
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  exitCode: number;
  outOfMemory: boolean;
  error: string;
  health: { status: 'starting' | 'healthy' | 'unhealthy'; output: string; startPeriodMs: number } | null;
  /** Addresses by network. */
  networks: Record<string, string>;
  log: string[];
  /** The process at its root, if a program runs for it. */
  pid?: number;
  /** `HostConfig.Dns`; Docker answers null if nothing was set. */
  dns?: string[];
  /** Names of Docker volumes that it mounts. */
  volumes?: string[];
};

/** A network of the stand-in engine. Without `bridge`, Docker chooses the name of the bridge. */
export type DemoNetwork = { name: string; subnet: string; labels: Record<string, string>; bridge?: string };

export type DemoEvent = { action: 'die' | 'kill'; container: string; replica: string; at: number; exitCode: number };
