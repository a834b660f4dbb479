// Vectors of numbers that a pre-trained encoder made of a text, a picture, a sound: read from a list of numbers,
// kept as a text of one byte a number, written as model inputs. As a text a vector is stored, compared, exported
// and sent as any other value of an attribute.
import type { VectorFeature } from './manifest.ts'
import { standardise } from './numbers.ts'
import { fail, succeed } from './result.ts'
import type { Result } from './result.ts'

/** How many numbers a vector may have. */
export const VECTOR_LENGTH_MAX = 4_096

const PREFIX = 'int8:'
const SCALE_BYTES = 4
const LEVELS = 127
/** Smaller numbers are 0, greater ones no numbers of 32 bits. */
const MAGNITUDE = { min: 1e-30, max: 1e30 }

/** How many characters a packed vector of so many numbers has. */
export function packedLength(length: number): number {
  return PREFIX.length + 4 * Math.ceil((SCALE_BYTES + length) / 3)
}

/**
 * The vector as a text: 'int8:' and, in base64, a scale (float32, little-endian) and each number in so many
 * steps of the scale, −127 to 127. To pack what was unpacked gives the same text.
 * @param values finite, of at most 1e30 either way
 */
export function packVector(values: ArrayLike<number>): string {
  let greatest = 0
  for (let place = 0; place < values.length; place += 1) {
    greatest = Math.max(greatest, Math.abs(values[place] ?? 0))
  }
  const scale = greatest < MAGNITUDE.min ? 0 : Math.fround(greatest / LEVELS)
  const unit = scale === 0 ? Infinity : scale
  const bytes = new Uint8Array(SCALE_BYTES + values.length)
  const view = new DataView(bytes.buffer)
  view.setFloat32(0, scale, true)
  for (let place = 0; place < values.length; place += 1) {
    const steps = Math.round((values[place] ?? 0) / unit)
    view.setInt8(SCALE_BYTES + place, Math.max(-LEVELS, Math.min(LEVELS, steps)))
  }
  return PREFIX + btoa(String.fromCharCode(...bytes))
}

/** The numbers of a packed vector of so many numbers; undefined of whatever else. */
export function unpackVector(packed: unknown, length: number): Float64Array | undefined {
  if (typeof packed !== 'string' || packed.length !== packedLength(length)) return undefined
  const binary = bytesOf(packed)
  if (binary?.length !== SCALE_BYTES + length) return undefined
  const view = new DataView(new ArrayBuffer(SCALE_BYTES))
  for (let place = 0; place < SCALE_BYTES; place += 1) view.setUint8(place, binary.charCodeAt(place))
  const scale = view.getFloat32(0, true)
  if (!Number.isFinite(scale)) return undefined
  const values = new Float64Array(length)
  for (let place = 0; place < length; place += 1) {
    const byte = binary.charCodeAt(SCALE_BYTES + place)
    values[place] = scale * (byte < 128 ? byte : byte - 256)
  }
  return values
}

function bytesOf(packed: string): string | undefined {
  if (!packed.startsWith(PREFIX)) return undefined
  try {
    return atob(packed.slice(PREFIX.length))
  } catch {
    return undefined
  }
}

/** What is expected where a vector of so many numbers stands. */
export function expectedVector(length: number): string {
  return `a list of ${length} finite numbers`
}

/**
 * A vector as files and requests give it, packed: a list of numbers, or the text of one as JSON or DuckDB write
 * it, or one that is packed already. null where nothing is there, also in each place of the list; else what is
 * wrong with it, in a few words.
 */
export function readVector(given: unknown, length: number): Result<string | null, string> {
  if (given === null || given === undefined) return succeed(null)
  const unpacked = unpackVector(given, length)
  if (unpacked !== undefined) return succeed(packVector(unpacked))
  const list = Array.isArray(given) ? (given as readonly unknown[]) : listOf(given)
  if (list === undefined) return fail(typeof given === 'string' ? given : 'no list')
  if (list.length > 0 && list.every((one) => one === null)) return succeed(null)
  if (list.length !== length) return fail(`${list.length} ${list.length === 1 ? 'number' : 'numbers'}`)
  const bad = list.findIndex((one) => typeof one !== 'number' || !(Math.abs(one) <= MAGNITUDE.max))
  if (bad >= 0) return fail(`${JSON.stringify(list[bad]) ?? 'nothing'} in place ${bad + 1}`)
  return succeed(packVector(list as number[]))
}

/** The members of a list in square brackets: numbers, null where nothing is, else the text that is there. */
function listOf(given: unknown): (number | string | null)[] | undefined {
  const text = typeof given === 'string' ? given.trim() : ''
  if (!text.startsWith('[') || !text.endsWith(']')) return undefined
  const within = text.slice(1, -1)
  return within.trim() === '' ? [] : within.split(',').map(memberOf)
}

function memberOf(written: string): number | string | null {
  const text = written
    .trim()
    .replace(/^(['"])(.*)\1$/, '$2')
    .trim()
  if (text === '' || text.toLowerCase() === 'null') return null
  const number = Number(text)
  return Number.isFinite(number) ? number : text
}

/** How many input numbers a vector takes: a flag where it is missing, and its numbers or those it is projected to. */
export function vectorWidth({ means }: VectorFeature): number {
  return 1 + means.length
}

/** Writes a vector at a place of the output; one that is missing, or of another length, is zeros but for its flag. */
export type VectorWriter = (output: Float32Array, offset: number, value: unknown) => void

/** Prepares the projection once. */
export function createVectorWriter({ length, projection, means, deviations }: VectorFeature): VectorWriter {
  const axes = projection.map((packed) => unpackVector(packed, length) ?? new Float64Array(length))
  return (output, offset, value) => {
    const values = unpackVector(value, length)
    if (values === undefined) {
      output[offset] = 1
      return
    }
    for (const [place, mean] of means.entries()) {
      const axis = axes[place]
      const coordinate = axis === undefined ? (values[place] ?? 0) : dot(axis, values)
      output[offset + 1 + place] = standardise(coordinate, { mean, deviation: deviations[place] ?? 0 })
    }
  }
}

/** The product of two vectors of one length. */
export function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0
  for (let place = 0; place < left.length; place += 1) sum += (left[place] ?? 0) * (right[place] ?? 0)
  return sum
}
