// What encoders made of texts, kept in a file by the hash of the text: a text is encoded once, however often it is
// read. Each line is a hash and a packed vector; one that was cut short by the end of the process is made anew.
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { Encoder } from '../../features/encoder.ts'
import { packVector, unpackVector } from '../../features/vectors.ts'

export interface KeptEncodings {
  /** How many texts were encoded anew since it was opened. */
  readonly encodedCount: number
  /** The packed vector of a text; null of one without a word. Rejects where the encoder does. */
  vectorOf(text: string): Promise<string | null>
}

/** @param folder of the file, which is made where it is not there */
export function openKeptEncodings(encoder: Encoder, folder: string): KeptEncodings {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${encoder.id}.txt`)
  const kept = readKept(path, encoder.dims)
  let encodedCount = 0
  return {
    get encodedCount() {
      return encodedCount
    },
    async vectorOf(text) {
      if (text.trim() === '') return null
      const hash = createHash('sha256').update(text).digest('base64url')
      const known = kept.get(hash)
      if (known !== undefined) return known
      const [vector] = await encoder.encode([text])
      if (vector === undefined || !vector.every(Number.isFinite)) {
        throw new Error(`encoder ${encoder.id}: what it makes of '${text.slice(0, 40)}' is no finite vector`)
      }
      const packed = packVector(vector)
      appendFileSync(path, `${hash} ${packed}\n`)
      kept.set(hash, packed)
      encodedCount += 1
      return packed
    },
  }
}

function readKept(path: string, dims: number): Map<string, string> {
  if (!existsSync(path)) return new Map()
  const text = readFileSync(path, 'latin1')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) truncateSync(path, whole.length)
  const lines = whole.split('\n').map((line) => line.split(' ') as [string, string])
  return new Map(lines.filter(([, packed]) => unpackVector(packed, dims) !== undefined))
}
