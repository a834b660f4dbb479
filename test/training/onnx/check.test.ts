// The package is CommonJS, whose names Node does not see.
import onnxProto from 'onnx-proto'
import type { onnx } from 'onnx-proto'
import { describe, expect, it } from 'vitest'
import { prior } from '../../../training/models/prior.ts'
import { checkModel, checkOperators, describeModelFault } from '../../../training/onnx/check.ts'
import type { ModelFault } from '../../../training/onnx/check.ts'
import { exportOnnx } from '../../../training/onnx/export.ts'
import { gradientFamilies } from '../../../training/models/families.ts'
import { shapes } from '../models/build-model.ts'
import type { ModelShape } from '../../../training/models/family.ts'

const { ModelProto, AttributeProto, TensorProto } = onnxProto.onnx
const shape = shapes['log'] as ModelShape

/** The bytes of a sound model, after a change. */
async function changed(change: (model: onnx.ModelProto) => void): Promise<Uint8Array> {
  const model = ModelProto.decode((await prior.fit({ shape, train: nothing, seed: 1 })).export())
  change(model)
  return Uint8Array.from(ModelProto.encode(model).finish())
}
const nothing = {
  count: 0,
  inputs: {},
  targets: {},
  userIds: [],
  atMs: new Float64Array(0),
  isFirst: new Uint8Array(0),
  from: [],
}

async function faultOf(change: (model: onnx.ModelProto) => void): Promise<ModelFault | undefined> {
  const checked = checkModel(await changed(change))
  return checked.ok ? undefined : checked.reason
}

function node(fields: onnx.INodeProto): (model: onnx.ModelProto) => void {
  return ({ graph }) => graph?.node?.push(fields)
}
const graph: onnx.IGraphProto = { name: 'body' }

describe('checkModel', () => {
  it('names the operators of a sound model, each once and in order', async () => {
    const checked = checkModel(await changed(() => {}))
    if (!checked.ok) throw new Error(describeModelFault(checked.reason))
    expect(checked.value).toContain('Identity')
    expect(checked.value).toEqual([...new Set(checked.value)].toSorted())
  })

  it('lets trees pass, of the domain and version that has them', async () => {
    const trees = node({ opType: 'TreeEnsembleRegressor', domain: 'ai.onnx.ml', attribute: [] })
    const opset = (version: number) => (model: onnx.ModelProto) =>
      void model.opsetImport.push({ domain: 'ai.onnx.ml', version })
    const withTrees = (version: number) => (model: onnx.ModelProto) => {
      trees(model)
      opset(version)(model)
    }
    expect(await faultOf(withTrees(3))).toBeUndefined()
    expect(await faultOf(withTrees(1))).toEqual({ code: 'foreign_opset', domain: 'ai.onnx.ml', version: 1 })
  })

  it.each([
    ['of no known name', { opType: 'Loopy' }, { code: 'foreign_operator', domain: '', operator: 'Loopy' }],
    [
      'of a foreign domain',
      { opType: 'Add', domain: 'com.microsoft' },
      { code: 'foreign_operator', domain: 'com.microsoft', operator: 'Add' },
    ],
    [
      'that is random',
      { opType: 'RandomNormal' },
      { code: 'foreign_operator', domain: '', operator: 'RandomNormal' },
    ],
    [
      'of a name that every object has',
      { opType: 'Add', domain: 'constructor' },
      { code: 'foreign_operator', domain: 'constructor', operator: 'Add' },
    ],
  ])('refuses an operator %s', async (_, fields, fault) => {
    expect(await faultOf(node(fields))).toEqual(fault)
  })

  it.each(['Loop', 'If', 'Scan'])('refuses %s, with its graph or without', async (operator) => {
    const attribute = [{ name: 'body', type: AttributeProto.AttributeType.GRAPH, g: graph }]
    expect(await faultOf(node({ opType: operator }))).toEqual({ code: 'control_flow', operator })
    expect(await faultOf(node({ opType: operator, attribute }))).toEqual({ code: 'control_flow', operator })
  })

  it('refuses graphs in the attributes of any operator, whatever type they claim', async () => {
    const { INT, GRAPHS } = AttributeProto.AttributeType
    const hidden = [{ name: 'axis', type: INT, g: graph }]
    const several = [{ name: 'bodies', type: GRAPHS, graphs: [graph] }]
    for (const attribute of [hidden, several]) {
      const fault = await faultOf(node({ opType: 'Relu', attribute }))
      expect(fault).toEqual({ code: 'control_flow', operator: 'Relu' })
    }
  })

  it('refuses what lies outside of the file', async () => {
    const outside = { name: 'weights', dataLocation: TensorProto.DataLocation.EXTERNAL }
    const hinted = { name: 'weights', externalData: [{ key: 'location', value: '/etc/passwd' }] }
    for (const tensor of [outside, hinted]) {
      const fault = await faultOf((model) => void model.graph?.initializer?.push(tensor))
      expect(fault).toEqual({ code: 'external_data', tensor: 'weights' })
    }
  })

  it('refuses functions, training, sparse tensors and tensors in attributes', async () => {
    const attribute = [{ name: 'value', t: { name: 'hidden' } }]
    const changes: readonly ((model: onnx.ModelProto) => void)[] = [
      (model) => void model.functions.push({ name: 'Add', domain: '' }),
      (model) => void model.trainingInfo.push({ algorithm: graph }),
      (model) => void model.graph?.sparseInitializer?.push({ dims: [1] }),
      node({ opType: 'Identity', attribute }),
    ]
    for (const change of changes) expect(await faultOf(change)).toMatchObject({ code: 'foreign_part' })
  })

  it('refuses old operators, those of other domains, and what is no model', async () => {
    const opset = (domain: string, version: number) => (model: onnx.ModelProto) => {
      model.opsetImport = [{ domain, version }]
    }
    expect(await faultOf(opset('', 16))).toEqual({ code: 'foreign_opset', domain: '', version: 16 })
    expect(await faultOf(opset('ai.onnx', 17))).toBeUndefined()
    expect(await faultOf(opset('com.microsoft', 1))).toMatchObject({ code: 'foreign_opset' })
    for (const bytes of [new Uint8Array(0), Uint8Array.of(255, 255, 1, 2), new TextEncoder().encode('{}')]) {
      expect(checkModel(bytes)).toMatchObject({ ok: false, reason: { code: 'not_onnx' } })
    }
  })
})

describe('checkOperators', () => {
  it('throws what is wrong, in a line', async () => {
    const bytes = await changed(node({ opType: 'Loop' }))
    expect(() => checkOperators(bytes)).toThrow('The model uses Loop: loops and branches are not run')
    const foreign = await changed(node({ opType: 'Add', domain: 'com.microsoft' }))
    expect(() => checkOperators(foreign)).toThrow('The model uses operator com.microsoft.Add')
  })

  it.each(gradientFamilies.map((family) => [family.name, family] as const))('lets %s pass', (_, family) => {
    const { build } = family.modelWith()
    // The values do not matter, nor their shapes: an endless map of one number each.
    const parameters = { get: () => ({ shape: [1], values: Float32Array.of(0) }) } as never
    const model = exportOnnx(shape, [{ build, parameters, tasks: shape.heads.map(({ task }) => task) }])
    expect(checkOperators(model).length).toBeGreaterThan(3)
  })
})
