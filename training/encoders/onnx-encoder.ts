// A sentence encoder that the team brings, run by ONNX Runtime: the tokens' last states are averaged by the
// attention mask and scaled to length 1, as sentence-transformers does (Reimers and Gurevych, "Sentence-BERT",
// 2019). A text is run by itself on one thread, so that its vector depends on nothing beside it.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Tokenizer } from '@huggingface/tokenizers'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Encoder, OnnxEncoder } from '../../features/encoder.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'

/** Longer texts are cut to so many tokens: sentence encoders are trained on no more. */
const TOKENS_MAX = 256

/** What a model may ask for, [1, tokens]. */
const INPUTS = ['input_ids', 'attention_mask', 'token_type_ids']

/** Loads model and tokenizer; tokenizer_config.json is read where there is one. */
export async function createOnnxEncoder({ folder, dims }: OnnxEncoder): Promise<Result<Encoder, string>> {
  const [model, tokenizer, config] = ['model.onnx', 'tokenizer.json', 'tokenizer_config.json'].map((name) =>
    join(folder, name),
  )
  const absent = [model, tokenizer].find((path) => !existsSync(path ?? ''))
  if (model === undefined || tokenizer === undefined || config === undefined || absent !== undefined) {
    return fail(
      `encoder ${folder}: there is no ${absent}; put the encoder's model.onnx and tokenizer.json there`,
    )
  }
  try {
    const tokenize = tokenizerOf(readFileSync(tokenizer, 'utf8'), existsSync(config) ? config : undefined)
    const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 })
    const other = session.inputNames.find((name) => !INPUTS.includes(name))
    if (other !== undefined) {
      return fail(`encoder ${folder}: its model asks for '${other}'; expected ${INPUTS.join(', ')} alone`)
    }
    const encoder = { id: idOf([model, tokenizer]), dims, session, tokenize }
    const [first] = await encodeAll(encoder, ['a'])
    if (first?.length !== dims) {
      return fail(`encoder ${folder}: it makes ${first?.length ?? 0} numbers, but the project says ${dims}`)
    }
    return succeed({ id: encoder.id, dims, encode: async (texts) => encodeAll(encoder, texts) })
  } catch (error) {
    return fail(`encoder ${folder}: ${String(error instanceof Error ? error.message : error).split('\n')[0]}`)
  }
}

type Tokenize = (text: string) => number[]

/** What of a tokenizer.json says which word stands for those that it does not know. */
interface TokenizerJson {
  readonly model?: { readonly unk_token?: string; readonly vocab?: Readonly<Record<string, number>> }
}

/** At most TOKENS_MAX ids, of which the last, which marks the end, is kept. */
function tokenizerOf(json: string, config: string | undefined): Tokenize {
  const settings = config === undefined ? {} : (JSON.parse(readFileSync(config, 'utf8')) as object)
  const described = JSON.parse(json) as TokenizerJson
  const tokenizer = new Tokenizer(described, settings)
  const unknown = described.model?.vocab?.[described.model.unk_token ?? '']
  return (text) => {
    // Of a word that a plain vocabulary lacks the library gives no id.
    const found: readonly (number | undefined)[] = tokenizer.encode(text).ids
    const ids = found.flatMap((id) => id ?? unknown ?? [])
    return ids.length <= TOKENS_MAX ? ids : [...ids.slice(0, TOKENS_MAX - 1), ...ids.slice(-1)]
  }
}

/** By what makes the vectors: the files, and where texts are cut. */
function idOf(paths: readonly string[]): string {
  const hash = createHash('sha256').update(String(TOKENS_MAX))
  for (const path of paths) hash.update(readFileSync(path))
  return `onnx-${hash.digest('hex').slice(0, 16)}`
}

interface Loaded {
  readonly session: InferenceSession
  readonly tokenize: Tokenize
}

async function encodeAll(loaded: Loaded, texts: readonly string[]): Promise<Float32Array[]> {
  const vectors: Float32Array[] = []
  for (const text of texts) vectors.push(await encodeOne(loaded, text))
  return vectors
}

async function encodeOne({ session, tokenize }: Loaded, text: string): Promise<Float32Array> {
  const ids = tokenize(text)
  const values = [ids, ids.map(() => 1), ids.map(() => 0)]
  const feeds = INPUTS.flatMap((name, index) =>
    session.inputNames.includes(name)
      ? [
          [
            name,
            new Tensor('int64', BigInt64Array.from(values[index] ?? [], BigInt), [1, ids.length]),
          ] as const,
        ]
      : [],
  )
  const outputs = await session.run(Object.fromEntries(feeds))
  const name = session.outputNames.includes('sentence_embedding')
    ? 'sentence_embedding'
    : (session.outputNames[0] ?? '')
  const output = outputs[name]
  if (output?.type !== 'float32') throw new Error(`its model gives no numbers of 32 bits as '${name}'`)
  return normalised(meanOver(output.data as Float32Array, output.dims.at(-1) ?? 0))
}

/** Of rows of this width the mean; of one row itself. No token is masked, as each text is run by itself. */
function meanOver(states: Float32Array, width: number): Float32Array {
  const rows = states.length / width
  const mean = new Float32Array(width)
  for (const [place, value] of states.entries()) {
    mean[place % width] = (mean[place % width] ?? 0) + value / rows
  }
  return mean
}

function normalised(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return length === 0 ? vector : vector.map((value) => value / length)
}
