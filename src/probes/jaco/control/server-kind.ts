/** Whether a server that speaks no gRPC is a web server, by the error of the call. */
export function serverKind(detail: string): 'web-server' | 'other' {
  return /HTTP/i.test(detail) ? 'web-server' : 'other';
}
