const PREFIX = 'not recognised: ';

/** A note about words that the product printed and that the doctor does not know: every format shows it. */
export function unrecognisedNote(text: string): string {
  return `${PREFIX}${text}`;
}

/** Whether a note is about words that the doctor does not know. */
export function isUnrecognisedNote(note: string): boolean {
  return note.startsWith(PREFIX);
}
