/**
 * The programs that a step may run, with their subcommands and flags. JACO's are those that `jaco SUBCOMMAND --help` of
 * v0.3.9 shows.
 */
const REMOTE = ['--server', '--ca-cert'];
const BOTH = [...REMOTE, '--socket'];
const SHOWN = ['-o'];

/** JACO's subcommands: flags, how many arguments, and whether --server must be given. */
export const jaco: Readonly<Record<string, { flags: readonly string[]; args: number; server?: true }>> = {
  status: { flags: [...BOTH, ...SHOWN], args: 1 },
  audit: { flags: [...BOTH, ...SHOWN, '--type'], args: 0 },
  logs: { flags: [...BOTH, '--since'], args: 1 },
  'get deployments': { flags: [...BOTH, ...SHOWN], args: 0 },
  'get deployment': { flags: [...BOTH, ...SHOWN], args: 1 },
  'get replicas': { flags: [...BOTH, ...SHOWN, '--deployment', '--service'], args: 0 },
  'get replica': { flags: [...BOTH, ...SHOWN], args: 1 },
  'get routes': { flags: [...BOTH, ...SHOWN, '--domain'], args: 0 },
  'get route': { flags: [...BOTH, ...SHOWN], args: 1 },
  'cluster init': { flags: ['--socket'], args: 0 },
  'cluster status': { flags: ['--socket', ...SHOWN], args: 0 },
  'node join': { flags: ['--socket', '--peer', '--token'], args: 0 },
  'node list': { flags: [...REMOTE, ...SHOWN], args: 0, server: true },
  'node issue-join-token': { flags: BOTH, args: 0 },
  'token issue': { flags: [...REMOTE, '--name', '--allow-privileged'], args: 0, server: true },
  'token list': { flags: REMOTE, args: 0, server: true },
  'registry login': { flags: [...BOTH, '-u', '--password-stdin'], args: 1 },
  'registry list': { flags: BOTH, args: 0 },
  rollback: { flags: REMOTE, args: 1, server: true },
  delete: { flags: REMOTE, args: 1, server: true },
  validate: { flags: ['--jaco', '--compose'], args: 0 },
  version: { flags: [], args: 0 },
};
/** The first release whose `jaco` has a command or a flag; v0.1.1 already has all others. */
export const COMMAND_SINCE: Readonly<Record<string, string>> = {
  'get deployments': 'v0.3.8',
  'get deployment': 'v0.3.8',
  'get replicas': 'v0.3.8',
  'get replica': 'v0.3.8',
  'get routes': 'v0.3.8',
  'get route': 'v0.3.8',
  'registry login': 'v0.2.0',
  'registry list': 'v0.2.0',
  version: 'v0.3.4',
};
export const FLAG_SINCE: Readonly<Record<string, string>> = { '--allow-privileged': 'v0.2.0', '-o': 'v0.3.7' };

/** Flags without a value. */
export const switches: ReadonlySet<string> = new Set(['--password-stdin', '--allow-privileged']);

/** Other programs: their possible first words, any if the list is null, and the least effect of running them. */
export const programs: Readonly<Record<string, Readonly<Record<string, Effect>> | Effect>> = {
  systemctl: {
    status: 'read',
    show: 'read',
    cat: 'read',
    'list-unit-files': 'read',
    start: 'restart',
    restart: 'restart',
    'daemon-reload': 'write',
    enable: 'write',
    disable: 'write',
    'reset-failed': 'write',
    unmask: 'write',
    'is-enabled': 'read',
  },
  docker: {
    ps: 'read',
    inspect: 'read',
    version: 'read',
    system: 'read',
    network: 'read',
    rm: 'destructive',
  },
  nft: { list: 'read', add: 'write', insert: 'write', delete: 'write' },
  hostnamectl: { status: 'read', 'set-hostname': 'write' },
  timedatectl: { status: 'read', 'set-ntp': 'write' },
  ip: { '-br': 'read', '-d': 'read', route: 'read', link: 'write', rule: 'read' },
  wg: { show: 'read' },
  openssl: { x509: 'read', s_client: 'read' },
  jacod: { '--version': 'read' },
  journalctl: 'read',
  cat: 'read',
  ls: 'read',
  stat: 'read',
  df: 'read',
  du: 'read',
  ss: 'read',
  ps: 'read',
  id: 'read',
  dig: 'read',
  curl: 'read',
  grep: 'read',
  fuser: 'read',
  findmnt: 'read',
  nsenter: 'read',
  iptables: 'read',
  sysctl: 'read',
  modprobe: 'read',
  chown: 'write',
  chmod: 'write',
  usermod: 'write',
  hostname: 'write',
  kill: 'restart',
};

type Effect = 'read' | 'restart' | 'write' | 'destructive';
