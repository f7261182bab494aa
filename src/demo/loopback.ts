import { createServer } from 'node:net';

/**
 * This loopback address if the host has it, else 127.0.0.1. Linux answers on all of 127/8; elsewhere nodes differ in port
 * only, which the test certificates allow.
 */
export function usable(ip: string): Promise<string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve('127.0.0.1'));
    server.listen({ host: ip, port: 0 }, () => server.close(() => resolve(ip)));
  });
}
