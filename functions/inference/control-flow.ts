// Finds loops and branches in the bytes of an ONNX model, before anything runs it. An operator that holds
// a graph (Loop, If, Scan, SequenceMap, and whatever is added to them) holds it in an attribute, so the
// look is for graphs within nodes, not for names. Reads of the protobuf encoding what that takes and skips
// the rest; field numbers are those of onnx.proto (ONNX 1.19, IR version 11).

const MODEL = { graph: 7, functions: 25 } as const
const GRAPH = { node: 1 } as const
const NODE = { operator: 4, attribute: 5 } as const
const ATTRIBUTE = { graph: 6, graphs: 11 } as const

/** Operators that may not end, even where their graph is left out. */
const NAMES = ['Loop', 'If', 'Scan', 'SequenceMap']

/**
 * The first operator that holds a graph; undefined where there is none. Functions of the model's own count
 * as such an operator: they could hold one.
 * Throws where the bytes are no protobuf.
 */
export function findControlFlow(model: Uint8Array): string | undefined {
  for (const part of fieldsOf(model)) {
    if (part.number === MODEL.functions) return 'Function'
    if (part.number !== MODEL.graph) continue
    for (const node of fieldsOf(part.bytes)) {
      if (node.number !== GRAPH.node) continue
      const found = controlFlowOf(node.bytes)
      if (found !== undefined) return found
    }
  }
  return undefined
}

function controlFlowOf(node: Uint8Array): string | undefined {
  let operator = ''
  let holdsGraph = false
  for (const field of fieldsOf(node)) {
    if (field.number === NODE.operator) operator = new TextDecoder().decode(field.bytes)
    if (field.number !== NODE.attribute) continue
    for (const { number, bytes } of fieldsOf(field.bytes)) {
      const isGraph = number === ATTRIBUTE.graph || number === ATTRIBUTE.graphs
      holdsGraph ||= isGraph && bytes.length > 0
    }
  }
  return holdsGraph || NAMES.includes(operator) ? operator : undefined
}

/** How a field's value is written. */
const WIRE = { varint: 0, bytes: 2 } as const
const FIXED_LENGTHS: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [5, 4],
])
const NOTHING = new Uint8Array(0)

interface Field {
  readonly number: number
  /** Of a field with a length; none of a number. */
  readonly bytes: Uint8Array
}

/** The fields of a message in their order. */
function* fieldsOf(message: Uint8Array): Generator<Field> {
  let offset = 0

  function readVarint(): number {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = message[offset]
      if (byte === undefined) throw new Error('A message ends within a number')
      offset += 1
      // Beyond 2^53 digits are lost, which no length or field number reaches.
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw new Error('A number is longer than ten bytes')
  }

  /** Passes over a field's value; gives it where it is bytes. */
  function readValue(wireType: number): Uint8Array {
    const length = wireType === WIRE.bytes ? readVarint() : (FIXED_LENGTHS.get(wireType) ?? 0)
    if (wireType === WIRE.varint) readVarint()
    else if (wireType !== WIRE.bytes && !FIXED_LENGTHS.has(wireType)) {
      throw new Error(`Wire type ${wireType} is unknown`)
    }
    const start = offset
    offset += length
    if (offset > message.length) throw new Error('A field is longer than its message')
    return wireType === WIRE.bytes ? message.subarray(start, offset) : NOTHING
  }

  while (offset < message.length) {
    const tag = readVarint()
    yield { number: Math.floor(tag / 8), bytes: readValue(tag % 8) }
  }
}
