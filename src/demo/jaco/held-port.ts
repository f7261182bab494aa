import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A TCP port of this host that another process holds until it is released. */
export type HeldPort = { readonly port: number; release(): void };

/** The child ends with its standard input, so it does not outlive this process. */
const PROGRAM = `const server = require('node:net').createServer().listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();`;

/** Starts a process that listens on a free port. */
export async function holdPort(): Promise<HeldPort> {
  const child = spawn(process.execPath, ['--eval', PROGRAM], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  child.unref();
  return { port: Number(String(line)), release: () => child.stdin.end() };
}
