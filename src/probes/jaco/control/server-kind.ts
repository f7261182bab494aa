/** Whether a server without gRPC is a web server, judged by the error of the call. */
export function serverKind(detail: string): 'web-server' | 'other' {
  return /HTTP/i.test(detail) ? 'web-server' : 'other';
}
