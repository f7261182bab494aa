const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Runs `close` if the process ends before the returned function is called: on exit, or on a signal. The signal then has
 * its default effect. `close` must be synchronous.
 */
export function closeOnSignal(close: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    close();
    unregister();
    // Without a listener, the default action ends the process, and its exit status names the signal.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const unregister = (): void => {
    process.off('exit', close);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
  process.on('exit', close);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return unregister;
}
