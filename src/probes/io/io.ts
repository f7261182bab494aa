import { probeFactory } from '../../engine/probe.ts';

/** The input of probes of a host and of Docker, for every product. The transports are the modules in this folder. */
export type HostIo = {
  readonly settings: {
    /**
     * Set if the examined node is the stand-in of `demo` and not this host: its hostname and the socket of its Docker.
     */
    readonly standIn: { readonly hostname: string; readonly docker: string } | null;
  };
};

/** Declares a probe that every product can use. */
export const probe = probeFactory<HostIo>();
