// Fitting with a self-supervised start where validation likes it, and without one where it does not. A final fit does
// as its rehearsal did.
import type { ExampleSet } from '../examples/example-set.ts'
import type { HistoryReader } from '../models/model.ts'
import { fitParameters } from './fit-parameters.ts'
import type { FittedParameters, ParametersRequest } from './fit-parameters.ts'
import { learnStart } from './learn-start.ts'
import type { Start } from './learn-start.ts'

export interface StartedRequest extends ParametersRequest {
  readonly reader?: HistoryReader | undefined
  readonly histories?: ExampleSet
}

export interface StartedParameters extends FittedParameters {
  /** How long the start was learned that they come from; absent where they come from none. */
  readonly startEpochs?: number
}

/** Rejects with FitError where a loss is no number. */
export async function fitWithStart(request: StartedRequest): Promise<StartedParameters> {
  const { stopAt, monitor, settings } = request
  if (stopAt !== undefined) {
    const start = stopAt.startEpochs === undefined ? undefined : await startOf(request)
    return start === undefined ? fitParameters(request) : fitFrom(request, start)
  }
  const beganAtMs = performance.now()
  const minutesSince = (): number => (performance.now() - beganAtMs) / 60_000
  const plain = await fitParameters(request)
  const { reader, histories } = request
  if (plain.steps === 0 || histories === undefined || (reader?.epochsMax ?? 0) === 0) return plain
  if (minutesSince() > settings.minutesMax / 2) {
    monitor.say('no start from histories is tried: there is no time for a second fit')
    return plain
  }
  const within = (): StartedRequest => {
    return { ...request, settings: { ...settings, minutesMax: settings.minutesMax - minutesSince() } }
  }
  const start = await startOf(within())
  if (start === undefined) return plain
  const started = await fitFrom(within(), start)
  const isTaken = (started.loss ?? Infinity) < (plain.loss ?? Infinity)
  const [own, other] = [started.loss, plain.loss].map((loss) => loss?.toFixed(4) ?? 'unknown')
  monitor.say(
    `on validation with the start ${own}, without ${other}: it is ${isTaken ? 'taken' : 'not taken'}`,
  )
  return isTaken ? started : plain
}

async function startOf({
  reader,
  histories,
  stopAt,
  ...request
}: StartedRequest): Promise<Start | undefined> {
  if (reader === undefined || histories === undefined) return undefined
  return learnStart({ ...request, reader, histories, epochs: stopAt?.startEpochs })
}

async function fitFrom(
  request: StartedRequest,
  { parameters: start, epochs }: Start,
): Promise<StartedParameters> {
  return { ...(await fitParameters({ ...request, start })), startEpochs: epochs }
}
