// What a client can unpack. Cloudflare, and wrangler dev likewise, ask the Worker for gzip whatever the
// client asked for, and keep what that was in `cf`.

/** Whether the client itself takes gzip. */
export function acceptsGzip(request: Request): boolean {
  const own: unknown = request.cf?.['clientAcceptEncoding']
  const accepted = typeof own === 'string' ? own : (request.headers.get('accept-encoding') ?? '')
  return accepted.split(',').some((one) => {
    const [coding = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase())
    const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
    return (coding === 'gzip' || coding === '*') && !isRefused
  })
}
