// Hashes: a fast one for words and names (FNV-1a), a strong one for bundle ids and keys (SHA-256).

const utf8 = new TextEncoder()

/** FNV-1a over the UTF-8 bytes of a text, an unsigned 32-bit integer. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of utf8.encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193)
  }
  return hash >>> 0
}

/** Every bit of 32 depends on all of them: the last step of MurmurHash3. An unsigned 32-bit integer. */
export function mixBits(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** SHA-256 of bytes, or of the UTF-8 form of a text, in lower-case hexadecimal. */
export async function sha256Hex(content: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = typeof content === 'string' ? utf8.encode(content) : content
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The name of a bundle: the first 32 hexadecimal digits of its manifest's hash, which names the files by theirs. */
export async function bundleId(manifestText: string): Promise<string> {
  return (await sha256Hex(manifestText)).slice(0, 32)
}
