/** Whether a program's error text says that the kernel or the program denies this user. */
export function isPermissionError(text: string): boolean {
  return /not permitted|permission denied|must be root/i.test(text);
}
