import { probesOver } from '../../engine/probe.ts';

/** What probes of a host and of Docker are given, for every product; the transports are the modules beside this one. */
export type HostIo = {
  readonly settings: {
    /**
     * Set if the node examined is the stand-in of `demo` and not this host: its hostname and the socket of its Docker.
     */
    readonly standIn: { readonly hostname: string; readonly docker: string } | null;
  };
};

/** Declares a probe that serves every product. */
export const probe = probesOver<HostIo>();
