const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Runs `act` if the process ends before the returned function is called: at its end, or on a signal, which then takes its
 * usual course. `act` must be synchronous.
 */
export function closeOnSignal(act: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    act();
    forget();
    // With no listener left the default action ends the process, and its exit status names the signal.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const forget = (): void => {
    process.off('exit', act);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  process.on('exit', act);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return forget;
}
