// A sentence encoder small enough to be made by a test: the state of a token is its row in a table.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onnx } from 'onnx-proto'

const { FLOAT, INT64 } = onnx.TensorProto.DataType

export const VOCABULARY = ['[UNK]', '[CLS]', '[SEP]', 'red', 'shoe', 'hat'] as const
/** Of each word; what marks begin and end says nothing. */
export const STATES = [
  [0, 0, 1],
  [0, 0, 0],
  [0, 0, 0],
  [1, 0, 0],
  [0, 1, 0],
  [0, -1, 0],
] as const

/** Writes model.onnx and tokenizer.json; gives the folder. */
export function writeEncoder(
  folder: string,
  asks: readonly string[] = ['input_ids', 'attention_mask'],
): string {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'model.onnx'), modelOf(asks))
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer))
  return folder
}

function modelOf(asks: readonly string[]): Uint8Array {
  const model = onnx.ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'encoder',
      node: [{ opType: 'Gather', input: ['table', 'input_ids'], output: ['last_hidden_state'] }],
      initializer: [{ name: 'table', dataType: FLOAT, dims: [STATES.length, 3], floatData: STATES.flat() }],
      input: asks.map((name) => valueInfo(name, { type: INT64, shape: ['batch', 'tokens'] })),
      output: [valueInfo('last_hidden_state', { type: FLOAT, shape: ['batch', 'tokens', 3] })],
    },
  })
  return onnx.ModelProto.encode(model).finish()
}

function valueInfo(
  name: string,
  { type, shape }: { readonly type: number; readonly shape: readonly (string | number)[] },
): onnx.IValueInfoProto {
  const dim = shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }))
  return { name, type: { tensorType: { elemType: type, shape: { dim } } } }
}

const special = (content: string) => ({ SpecialToken: { id: content, type_id: 0 } })
const idOf = (content: string) => ({
  id: content,
  ids: [VOCABULARY.indexOf(content as '[CLS]')],
  tokens: [content],
})

/** As the tokenizers of Hugging Face write it. */
const tokenizer = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
    pair: [],
    special_tokens: { '[CLS]': idOf('[CLS]'), '[SEP]': idOf('[SEP]') },
  },
  decoder: null,
  model: {
    type: 'WordLevel',
    vocab: Object.fromEntries(VOCABULARY.map((word, id) => [word, id])),
    unk_token: '[UNK]',
  },
}
