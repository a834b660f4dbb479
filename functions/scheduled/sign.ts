// The signature of a webhook: who has the secret can tell that the service sent it, and when.

/** HMAC with SHA-256 over the timestamp, a dot and the body, in lower-case hexadecimal. */
export async function sign(
  text: string,
  { timestamp, secret }: { readonly timestamp: string; readonly secret: string },
): Promise<string> {
  const utf8 = new TextEncoder()
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', utf8.encode(secret), algorithm, false, ['sign'])
  const signature = await crypto.subtle.sign('HMAC', key, utf8.encode(`${timestamp}.${text}`))
  return Array.from(new Uint8Array(signature), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
