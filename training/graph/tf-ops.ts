// Ops in TensorFlow.js. Everything here has a gradient on every backend: Einsum, StridedSlice and
// GatherNd, which have none, are not used. Layer normalisation is one operation with its own gradient,
// for in TensorFlow.js many small operations cost more than few large ones.
import * as tf from '@tensorflow/tfjs'
import { createRandom } from '../../features/random.ts'
import type { Ops } from './ops.ts'
import { initialValues } from './parameters.ts'
import type { ParameterValues } from './parameters.ts'

const EPSILON = 1e-5

export interface TfParameters {
  readonly variables: ReadonlyMap<string, tf.Variable>
  /** Copies of all values. */
  snapshot(): ParameterValues
  /** Sets all values from a snapshot. */
  restore(values: ParameterValues): void
  dispose(): void
}

export interface TfOpsOptions {
  /** Parameters start from this seed, and dropout draws from it. */
  readonly seed: number
  /** What parameters start from instead; then there must be a value for each. */
  readonly values?: ParameterValues
  /** What those of these names start from. */
  readonly start?: ParameterValues
  /** Parameters that there are already, as another's or an average of them; new ones are added. */
  readonly variables?: Map<string, tf.Variable>
}

export interface TfOps {
  readonly ops: Ops<tf.Tensor>
  readonly parameters: TfParameters
  /** Whether dropout drops. */
  setTraining(training: boolean): void
}

/** Operations that run at once, and their parameters, made when a model first asks for them. */
export function createTfOps({ seed, values: given, start, variables = new Map() }: TfOpsOptions): TfOps {
  const dropoutRandom = createRandom(seed).fork('dropout')
  let training = false

  const ops: Ops<tf.Tensor> = {
    parameter(name, spec) {
      const known = variables.get(name)
      if (known !== undefined) return known
      const first =
        given === undefined
          ? (start?.get(name)?.values ?? initialValues(spec, { name, seed }))
          : requireValues(given, name)
      const values = tf.tensor(first, [...spec.shape], 'float32')
      // tf.tidy does not dispose of variables.
      const variable = tf.variable(values, true)
      variables.set(name, variable)
      values.dispose()
      return variable
    },
    constant: (values, shape) => tf.tensor([...values], [...shape], 'float32'),
    ids: (values, shape) => tf.tensor([...values], [...shape], 'int32'),
    gather: (table, ids) => tf.gather(table, ids.toInt()),
    linear(x, weight) {
      const [width = 0, outputs = 0] = weight.shape
      if (x.rank === 2) return tf.matMul(x, weight)
      // As one matrix, or the weight would get a gradient an example before they are added up.
      const rows = tf.matMul(tf.reshape(x, [-1, width]), weight)
      return tf.reshape(rows, [...x.shape.slice(0, -1), outputs])
    },
    matMul: (a, b) => tf.matMul(a, b),
    add: (a, b) => tf.add(a, b),
    mul: (a, b) => tf.mul(a, b),
    div: (a, b) => tf.div(a, b),
    relu: (x) => tf.relu(x),
    log: (x) => tf.log(x),
    softmax: (x) => tf.softmax(x),
    layerNorm: (x, { gain, bias }) => tf.add(tf.mul(normalise(x), gain), bias),
    sum: sumOver,
    reshape: (x, shape) => tf.reshape(x, [...shape]),
    transpose: (x, permutation) => tf.transpose(x, [...permutation]),
    slice(x, { axis, from, to }) {
      const begin = x.shape.map((_, index) => (index === axis ? from : 0))
      const size = x.shape.map((length, index) => (index === axis ? to - from : length))
      return tf.slice(x, begin, size)
    },
    concat: (parts, axis) => tf.concat([...parts], axis),
    placeBefore: (ids) =>
      tf.pad2d(tf.slice(ids as tf.Tensor2D, [0, 0], [-1, (ids.shape[1] ?? 1) - 1]), [
        [0, 0],
        [1, 0],
      ]),
    doublings,
    isPresent: (ids) => tf.cast(tf.notEqual(ids, tf.scalar(0, 'int32')), 'float32'),
    dropout(x, rate) {
      if (!training || rate === 0) return x
      const keep = new Float32Array(x.size)
      for (let place = 0; place < keep.length; place += 1) {
        if (dropoutRandom.next() >= rate) keep[place] = 1 / (1 - rate)
      }
      return tf.mul(x, tf.tensor(keep, x.shape))
    },
  }

  return {
    ops,
    parameters: {
      variables,
      snapshot: () => snapshotOf(variables),
      restore(values) {
        for (const [name, variable] of variables) {
          const kept = requireValues(values, name)
          tf.tidy(() => variable.assign(tf.tensor(kept, variable.shape)))
        }
      },
      dispose() {
        tf.dispose([...variables.values()])
        variables.clear()
      },
    },
    setTraining(value) {
      training = value
    },
  }
}

function requireValues(values: ParameterValues, name: string): Float32Array {
  const kept = values.get(name)
  if (kept === undefined) throw new Error(`No value for parameter '${name}'`)
  return kept.values
}

/** Copies of the values of all variables. */
export function snapshotOf(variables: ReadonlyMap<string, tf.Variable>): ParameterValues {
  return new Map(
    [...variables].map(([name, variable]) => [
      name,
      { shape: variable.shape, values: Float32Array.from(variable.dataSync<'float32'>()) },
    ]),
  )
}

/** The exponents of floats, which are exact, where a logarithm would be rounded. */
function doublings(x: tf.Tensor): tf.Tensor {
  const bits = new Int32Array(Float32Array.from(x.dataSync<'float32'>()).buffer)
  return tf.tensor(
    bits.map((bit) => (bit >>> 23) - 127),
    x.shape,
    'int32',
  )
}

/** Over one axis. TensorFlow.js's own gradient makes its ones in JavaScript, which takes longer than the sum. */
function sumOver(x: tf.Tensor, axis: number): tf.Tensor {
  const withGradient = tf.customGrad((input) => {
    const { shape } = input as tf.Tensor
    const kept = shape.map((length, index) => (index === axis ? 1 : length))
    return {
      value: tf.sum(input as tf.Tensor, axis),
      gradFunc: (dy) => tf.mul(tf.reshape(dy, kept), tf.fill(shape, 1)),
    }
  })
  return withGradient(x)
}

/** (x − mean) / deviation over the last axis (Ba, Kiros and Hinton, "Layer Normalization", 2016). */
function normalise(x: tf.Tensor): tf.Tensor {
  const withGradient = tf.customGrad((input, save) => {
    const source = input as tf.Tensor
    const centred = tf.sub(source, tf.mean(source, -1, true))
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), EPSILON))
    const value = tf.mul(centred, inverse)
    ;(save as tf.GradSaveFunc)([value, inverse])
    return {
      value,
      gradFunc: (dy, saved) => {
        const [normal, scale] = saved as [tf.Tensor, tf.Tensor]
        const along = tf.mul(normal, tf.mean(tf.mul(dy, normal), -1, true))
        return tf.mul(tf.sub(tf.sub(dy, tf.mean(dy, -1, true)), along), scale)
      },
    }
  })
  return withGradient(x)
}
