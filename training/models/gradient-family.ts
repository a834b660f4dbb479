// The families that Adam trains: a model function and its settings become a family.
import type { ExampleSet } from '../examples/example-set.ts'
import { fitWithStart } from '../fit/fit-with-start.ts'
import type { StartedParameters } from '../fit/fit-with-start.ts'
import type { ParameterGroup } from '../fit/parameter-group.ts'
import { predictOutputs } from '../fit/predict.ts'
import { overrideSettings } from '../fit/settings.ts'
import { settleUnseen } from '../fit/unseen-ids.ts'
import type { TrainingSettings } from '../fit/settings.ts'
import type { Ops } from '../graph/ops.ts'
import { parameterCount } from '../graph/parameters.ts'
import { createTfOps } from '../graph/tf-ops.ts'
import { silent } from '../monitor.ts'
import { exportOnnx } from '../onnx/export.ts'
import { startBackend } from '../tf/backend.ts'
import type { BackendName } from '../tf/backend.ts'
import type { Family, FitRequest, Fitted, ModelShape, Outputs, Settings } from './family.ts'
import { meanOfMembers } from './members.ts'
import type { Build, HistoryReader, Inputs, Logits } from './model.ts'
import type { SearchSpace } from './search-space.ts'

export interface GradientDefinition<S extends TrainingSettings & Settings> {
  readonly name: string
  readonly settings: S
  /** Which of them may vary. */
  readonly space: SearchSpace & Readonly<Partial<Record<keyof S, unknown>>>
  /** The backend that trains it in less time where both load, as bench/training-step.ts has it. */
  readonly faster: BackendName
  /**
   * How many models with shared weights it is, one where absent: then each example has so many outputs one after
   * another, each learns by itself, and what is answered is their mean.
   */
  members?(settings: S): number
  /** What of it can learn from histories alone, where there is anything. */
  reader?(settings: S): HistoryReader
  /** The model. Outputs are of every head; parameters are named by what they are for. */
  build<T>(ops: Ops<T>, inputs: Inputs<T>, shape: ModelShape & { readonly settings: S }): Logits<T>
}

/** A model function with its settings. */
export interface Model {
  readonly settings: TrainingSettings & Settings
  readonly build: Build
  readonly members: number
  /** The same with the outputs of each member, [B · members, width]; that is what learns. */
  readonly buildMembers: Build
  readonly reader?: HistoryReader | undefined
}

export interface GradientFamily extends Family {
  /** The model alone, with some of its settings changed. Throws where there are no such settings. */
  modelWith(settings?: Settings): Model
}

/** Makes a family of a model function. */
export function createGradientFamily<S extends TrainingSettings & Settings>(
  definition: GradientDefinition<S>,
): GradientFamily {
  const { name, faster } = definition
  function modelWith(others?: Settings): Model {
    const settings = overrideSettings(definition.settings, others)
    const members = definition.members?.(settings) ?? 1
    const buildMembers: Build = (ops, inputs, shape) => definition.build(ops, inputs, { ...shape, settings })
    const build: Build = (ops, inputs, shape) =>
      meanOfMembers(ops, buildMembers(ops, inputs, shape), { heads: shape.heads, members })
    return {
      settings,
      members,
      buildMembers,
      build: members === 1 ? buildMembers : build,
      reader: definition.reader?.(settings),
    }
  }
  return {
    name,
    settings: definition.settings,
    space: () => definition.space,
    modelWith,
    async fit(request) {
      const { monitor = silent } = request
      const model = modelWith(request.settings)
      const backend = await startBackend(request.backend, faster)
      monitor.say(`${name} computes in ${backend.description}`)
      const fitted = await fitWithStart({ ...request, ...model, family: name, monitor })
      const { train, histories, shape } = request
      const learned = {
        features: shape.features,
        seen: histories === undefined ? [train] : [train, histories],
      }
      const groups = fitted.groups.map((group) => {
        return { ...group, parameters: settleUnseen(group.parameters, learned) }
      })
      return fittedOf({ ...fitted, groups, request, model, backend: backend.name })
    },
  }
}

interface FittedParts extends StartedParameters {
  readonly request: FitRequest
  readonly model: Model
  readonly backend: BackendName
}

/** Holds no tensors between its calls: parameters become tensors where answers are asked for. */
function fittedOf({ request, model, groups, steps, startEpochs, ending, backend }: FittedParts): Fitted {
  const { shape, seed } = request
  return {
    stoppedAt: {
      epochs: Object.fromEntries(groups.flatMap(({ tasks, epochs }) => tasks.map((task) => [task, epochs]))),
      ...(startEpochs !== undefined && { startEpochs }),
    },
    async logits(examples) {
      await startBackend(backend)
      return Object.assign({}, ...groups.map((group) => logitsOf(group, examples))) as Outputs
    },
    export: () =>
      exportOnnx(
        shape,
        groups.map((group) => ({ ...group, build: model.build })),
      ),
    describe: () => ({
      parameters: groups.reduce((sum, { parameters }) => sum + parameterCount(parameters), 0),
      steps,
      endings: ending === undefined ? [] : [ending],
      backend,
      settings: model.settings,
    }),
    dispose: () => {},
  }

  function logitsOf({ tasks, parameters }: ParameterGroup, examples: ExampleSet): Outputs {
    const { ops, parameters: variables } = createTfOps({ seed, values: parameters })
    try {
      return predictOutputs({ ops, build: model.build, shape, tasks }, examples)
    } finally {
      variables.dispose()
    }
  }
}
