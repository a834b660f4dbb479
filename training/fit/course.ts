// The course of training: batch after batch of shuffled examples, epoch after epoch, and what is told of it.
// When to stop is for others to say.
import { createRandom, shuffle } from '../../features/random.ts'
import { selectExamples } from '../examples/example-set.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import { FitError } from '../models/family.ts'
import type { Monitor, TrackedWork } from '../monitor.ts'
import type { Stepper } from './stepper.ts'

export interface CourseRequest {
  readonly learner: Pick<Stepper, 'takeStep'>
  readonly train: ExampleSet
  readonly batchSize: number
  readonly seed: number
  /** Whose course it is, for a fault. */
  readonly family: string
  readonly monitor: Monitor
}

export interface Course {
  readonly steps: number
  /** Examples seen over examples there are. */
  readonly epochs: number
  /** Takes one step. Throws FitError where its loss is no number. */
  advance(): void
  /** Tells of the epochs that are over, and of what was found meanwhile. */
  note(found?: string): void
  /** Tells of what was not told of yet. */
  close(): void
}

/** A line is told of each of the first epochs, later of as many as these steps take. */
const STEPS_TOLD = 400

export function createCourse(request: CourseRequest): Course {
  const { learner, train, batchSize, family } = request
  const random = createRandom(request.seed).fork('batches')
  const story = createStory(request)
  let order: number[] = []
  let [steps, seen, place] = [0, 0, 0]
  return {
    get steps() {
      return steps
    },
    get epochs() {
      return seen / train.count
    },
    advance() {
      if (place >= order.length) {
        order = shuffle([...Array(train.count).keys()], random)
        place = 0
      }
      const batch = selectExamples(train, order.slice(place, place + batchSize))
      const loss = learner.takeStep(batch)
      place += batchSize
      steps += 1
      seen += batch.count
      if (!Number.isFinite(loss)) {
        throw new FitError({
          code: 'diverged',
          family,
          step: steps,
          cause: `the loss of training is ${loss}`,
        })
      }
      story.tell({ loss, count: batch.count })
    },
    note: (found) => story.note(found),
    close: () => story.close(),
  }
}

interface Story {
  tell(step: { readonly loss: number; readonly count: number }): void
  note(found?: string): void
  close(): void
}

/** One piece of work an epoch, of ever more epochs where they are short. */
function createStory({ train, batchSize, monitor }: CourseRequest): Story {
  const epochsAtMost = Math.max(1, Math.floor((STEPS_TOLD * batchSize) / train.count))
  let work: TrackedWork | undefined
  let [epoch, seen, loss, steps] = [0, 0, 0, 0]
  let noted = ''

  function begin(): TrackedWork {
    epoch += Math.max(1, Math.min(epochsAtMost, Math.floor(epoch / 2)))
    ;[loss, steps] = [0, 0]
    // A line is told with the check that follows, so that some of the next epoch was told with the last.
    const total = Math.max(0, epoch * train.count - seen)
    return monitor.track({ label: `epoch ${epoch}`, total, unit: 'examples' })
  }
  function close(): void {
    if (work === undefined) return
    work.done(`loss ${(loss / Math.max(1, steps)).toFixed(4)} of the prior's${noted}`)
    work = undefined
  }
  return {
    tell(step) {
      work ??= begin()
      work.advance(step.count)
      seen += step.count
      loss += step.loss
      steps += 1
    },
    note(found) {
      noted = found === undefined ? '' : `, ${found}`
      if (seen >= epoch * train.count) close()
    },
    close,
  }
}
