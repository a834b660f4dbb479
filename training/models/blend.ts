// A mix of families: each is fitted by itself, how much each counts is chosen task by task on validation, and all
// that count answer in one graph.
import { inputSpecs } from '../../features/encode.ts'
import { headWidth } from '../../features/heads/kinds.ts'
import { createOnnxGraph } from '../graph/onnx-ops.ts'
import { silent } from '../monitor.ts'
import { chooseWeights } from './choose-weights.ts'
import { overrideSettings } from '../fit/settings.ts'
import { createShares } from '../fit/shares.ts'
import { FitError, keeps } from './family.ts'
import type { Family, FitRequest, Fitted, ModelShape, Outputs, Settings } from './family.ts'
import { mixOutputs, mixValues } from './mix.ts'
import type { Weighted } from './mix.ts'
import { settingsOfPart, settingsOfParts, spaceOfParts } from './part-settings.ts'

export interface BlendDefinition {
  readonly name: string
  /** All that it may fit. */
  readonly parts: readonly Family[]
  /** Those that suit the data and can be fitted in so many minutes, the best first. */
  familiesFor(shape: ModelShape, minutes: number): readonly Family[]
}

const settings = {
  /** For all families together in a rehearsal; one that is still learning then stops. */
  minutesMax: 2,
}

/** How the card calls the weights of a task. */
const MIX_OF = 'mix of '

/**
 * A family of families. A part that fails, be it when it is written, is said and left out; the last that fails
 * fails the mix.
 */
export function createBlend(definition: BlendDefinition): Family {
  const { name } = definition
  const all = { ...settings, ...settingsOfParts(definition.parts) }
  return {
    name,
    // A task is answered by those of its parts that keep what it asks.
    keepsMonotone: true,
    settings: all,
    space: (features) =>
      spaceOfParts(definition.familiesFor({ features, heads: [] }, settings.minutesMax), features),
    async fit(request) {
      const { shape, monitor = silent, validation, stopAt } = request
      const own = settingsOf(request, all)
      // What may answer nothing is not fitted.
      const familiesFor = (minutes: number): readonly Family[] =>
        definition
          .familiesFor(shape, minutes)
          .filter((family) => shape.heads.some((head) => keeps(family, head)))
      const families = familiesFor(own.minutesMax).filter(
        (family) => stopAt?.parts === undefined || stopAt.parts[family.name] !== undefined,
      )
      if (stopAt === undefined) {
        const others = familiesFor(Infinity).filter((family) => !families.includes(family))
        if (others.length > 0) monitor.say(describeHaste(families, others))
      }
      const fitted = await fitAll(families, request, own)
      const weights = new Map(shape.heads.map((head) => [head.task, new Map<string, number>()] as const))
      const outputs =
        validation === undefined ? [] : await Promise.all(fitted.map(({ model }) => model.logits(validation)))
      for (const head of shape.heads) {
        const known = fitted.map(({ family }) => stopAt?.parts?.[family.name]?.weights[head.task] ?? 0)
        const able = fitted.flatMap(({ family }, index) => (keeps(family, head) ? [index] : []))
        if (able.length === 0) throw new FitError({ code: 'not_monotone', family: name, task: head.task })
        const chosen =
          validation === undefined
            ? []
            : chooseWeights(head, {
                outputs: able.map((index) => outputs[index]?.[head.task] ?? new Float32Array(0)),
                targets: validation.targets[head.task] ?? new Float32Array(0),
              })
        for (const [index, { family }] of fitted.entries()) {
          const weight = (validation === undefined ? known[index] : chosen[able.indexOf(index)]) ?? 0
          if (weight > 0) weights.get(head.task)?.set(family.name, weight)
        }
        monitor.say(`${head.task}: ${describeWeights(weights.get(head.task))}`)
      }
      return mixOf({ shape, settings: own, fitted, weights })
    },
  }
}

/** A final fit is given those that the card keeps of its rehearsal, how tasks were mixed among them. */
function settingsOf({ settings: given = {} }: FitRequest, all: Settings): BlendSettings {
  const known = Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith(MIX_OF)))
  overrideSettings(all, known)
  return { ...settings, ...known }
}

/** Its own, and those of its parts that are other than usual. */
type BlendSettings = typeof settings & Settings

/** In words: 'in so little time trees alone; with more (--minutes) also tabular'. */
function describeHaste(taken: readonly Family[], others: readonly Family[]): string {
  const [now, later] = [taken, others].map((some) => some.map(({ name }) => name).join(', '))
  return `in so little time ${now} alone; with more (--minutes) also ${later}`
}

interface FittedPart {
  readonly family: Family
  readonly model: Fitted
}

async function fitAll(
  families: readonly Family[],
  request: FitRequest,
  own: BlendSettings,
): Promise<FittedPart[]> {
  const { monitor = silent, stopAt } = request
  const time = createShares(own.minutesMax, families.length)
  const fitted: FittedPart[] = []
  let fault: FitError | undefined
  for (const family of families) {
    const minutesMax = time.next()
    const limit = 'minutesMax' in family.settings ? { minutesMax } : {}
    const { settings: _settings, stopAt: _stopAt, ...rest } = request
    const part = stopAt?.parts?.[family.name]
    try {
      const model = await family.fit({
        ...rest,
        settings: { ...settingsOfPart(family, own), ...limit },
        ...(part !== undefined && { stopAt: part.stoppedAt }),
      })
      assertExported(family, model)
      fitted.push({ family, model })
    } catch (error) {
      // Weights and calibration that are known are those of all parts: without one, nothing of it holds.
      if (!(error instanceof FitError) || stopAt !== undefined) throw error
      fault = error
      monitor.say(`${family.name} is left out: ${error.message}`)
    }
  }
  if (fitted.length === 0 && fault !== undefined) throw fault
  return fitted
}

/** Before the mix counts on it: all parts are written as one, and one that cannot be would fail them all. */
function assertExported({ name }: Family, model: Fitted): void {
  try {
    model.export()
  } catch (error) {
    model.dispose()
    const cause = error instanceof Error ? error.message : String(error)
    throw new FitError({ code: 'not_exported', family: name, cause })
  }
}

function describeWeights(weights: ReadonlyMap<string, number> | undefined): string {
  return [...(weights ?? [])].map(([name, weight]) => `${(100 * weight).toFixed(0)} % ${name}`).join(', ')
}

interface Mix {
  readonly shape: ModelShape
  readonly settings: BlendSettings
  readonly fitted: readonly FittedPart[]
  /** By task, by family: those that count. */
  readonly weights: ReadonlyMap<string, ReadonlyMap<string, number>>
}

function mixOf({ shape, settings: given, fitted, weights }: Mix): Fitted {
  const counts = (name: string): boolean => [...weights.values()].some((own) => own.has(name))
  const parts = fitted.filter(({ family }) => counts(family.name))
  /** What of each part's outputs counts for a task. */
  function weighted<Output>(task: string, outputOf: (part: FittedPart) => Output): Weighted<Output>[] {
    return parts.flatMap((part) => {
      const weight = weights.get(task)?.get(part.family.name)
      return weight === undefined ? [] : [{ output: outputOf(part), weight }]
    })
  }

  return {
    stoppedAt: {
      epochs: Object.fromEntries(shape.heads.map(({ task }) => [task, 0])),
      parts: Object.fromEntries(
        parts.map(({ family, model }) => [
          family.name,
          {
            stoppedAt: model.stoppedAt,
            weights: Object.fromEntries([...weights].map(([task, own]) => [task, own.get(family.name) ?? 0])),
          },
        ]),
      ),
    },
    async logits(examples) {
      const outputs = new Map<string, Outputs>()
      for (const { family, model } of parts) outputs.set(family.name, await model.logits(examples))
      return Object.fromEntries(
        shape.heads.map((head) => {
          const own = weighted(
            head.task,
            ({ family }) => outputs.get(family.name)?.[head.task] ?? new Float32Array(0),
          )
          return [head.task, mixOutputs(head, own)]
        }),
      )
    },
    export() {
      const graph = createOnnxGraph()
      for (const spec of inputSpecs(shape.features)) graph.input(spec)
      const ops = graph.opsOver(new Map())
      const outputs = new Map(
        parts.map(({ family, model }) => [family.name, graph.include(model.export(), `${family.name}/`)]),
      )
      for (const head of shape.heads) {
        const own = weighted(head.task, ({ family }) => {
          const output = outputs.get(family.name)?.get(head.task)
          if (output === undefined) throw new Error(`${family.name} does not answer '${head.task}'`)
          return output
        })
        graph.output(head.task, { value: mixValues(ops, head, own), width: headWidth(head) })
      }
      return graph.finish()
    },
    describe() {
      const described = parts.map(({ family, model }) => [family.name, model.describe()] as const)
      const sum = (of: 'parameters' | 'steps'): number =>
        described.reduce((total, [, description]) => total + description[of], 0)
      const shares: Settings = Object.fromEntries(
        [...weights].map(([task, own]) => [`${MIX_OF}${task}`, describeWeights(own)]),
      )
      return {
        parameters: sum('parameters'),
        steps: sum('steps'),
        endings: described.flatMap(([, { endings }]) => endings),
        backend: [...new Set(described.map(([, { backend }]) => backend))].join(', '),
        settings: { ...given, ...shares },
      }
    },
    dispose() {
      for (const { model } of fitted) model.dispose()
    },
  }
}
