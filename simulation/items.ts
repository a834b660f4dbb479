// Draws the items of a simulation, and from when until when each is on offer.
import type { Random } from '../features/random.ts'
import { itemId } from './catalogue.ts'
import type { SimulatedItem } from './catalogue.ts'
import type { Simulator } from './domain.ts'

/** Of the items that come and go this share is there from the beginning. */
const EARLY_SHARE = 0.4
/** The mean time on offer, as a share of the whole time. */
const OFFERED_SHARE = 0.5
/** Every so many items one is on offer all the time, so that there is always something to choose. */
const STAPLE_EVERY = 10

export interface ItemsRequest {
  readonly simulator: Simulator
  readonly random: Random
  readonly startMs: number
  readonly endMs: number
  /** Whether items come and go; else all are on offer all the time. */
  readonly turnover: boolean
}

/** An item's attributes do not depend on whether items come and go. */
export function drawItems({ simulator, random, startMs, endMs, turnover }: ItemsRequest): SimulatedItem[] {
  return Array.from({ length: simulator.itemCount }, (_, index) => {
    const ofItem = random.fork(`item/${index}`)
    const attributes = simulator.drawItem(ofItem)
    const isStaple = index % STAPLE_EVERY === 0
    const [fromMs, untilMs] =
      turnover && !isStaple ? drawOffer(ofItem, { startMs, endMs }) : [startMs, Infinity]
    return { id: itemId(index), versions: [{ knownAt: fromMs, attributes }], fromMs, untilMs }
  })
}

function drawOffer(
  random: Random,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): [fromMs: number, untilMs: number] {
  const spanMs = endMs - startMs
  const isEarly = random.next() < EARLY_SHARE
  const fromMs = isEarly ? startMs : Math.round(startMs + random.next() * spanMs)
  return [fromMs, Math.round(fromMs + random.exponential(1 / (OFFERED_SHARE * spanMs)))]
}
