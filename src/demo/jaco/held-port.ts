import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isSea } from 'node:sea';

/** A TCP port of this host that another process holds until it is released. */
export type HeldPort = { readonly port: number; release(): void };

/** The only argument of a single executable that is to run HOLDER. */
export const AS_PORT_HOLDER = '--as-port-holder';

/** The child ends with its standard input, so it does not outlive this process. */
export const HOLDER = `const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();`;

/** Starts a process that listens on a free port. */
export async function holdPort(): Promise<HeldPort> {
  const child = spawn(process.execPath, isSea() ? [AS_PORT_HOLDER] : ['--eval', HOLDER], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  child.unref();
  return { port: Number(String(line)), release: () => child.stdin.end() };
}
