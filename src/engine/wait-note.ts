const WAIT = 'wait: ';

/** A note that the claim does not hold yet and that only time can show whether it will. Every format shows it. */
export function waitNote(text: string): string {
  return `${WAIT}${text}`;
}

/** Whether a note says to wait. */
export function isWaitNote(note: string): boolean {
  return note.startsWith(WAIT);
}
