// Small files as a user might bring them.
import { createRandom } from '../../features/random.ts'
import { onlineShoppers } from '../../projects/online-shoppers.ts'
import { shopSimulator } from '../../simulation/shop.ts'
import { simulate } from '../../simulation/simulate.ts'

const END_MS = Date.UTC(2026, 0, 1)

/** A shop's log as NDJSON, of a few thousand events; of some event types only where they are named. */
export function shopLog(options: { readonly types?: readonly string[] } = {}): string {
  const { events } = simulate({ simulator: shopSimulator, seed: 5, userCount: 150, days: 150, endMs: END_MS })
  return events
    .filter(({ type }) => options.types?.includes(type) ?? true)
    .map((event) => `${JSON.stringify(event)}\n`)
    .join('')
}

const COLUMNS = [...Object.keys(onlineShoppers.user), 'Revenue']

/** Visits as CSV, a third of which bought, told apart by PageValues nine times of ten. */
export function visitsTable(options: { readonly rows?: number; readonly revenue?: string } = {}): string {
  const random = createRandom(3)
  const rows = Array.from({ length: options.rows ?? 400 }, (_, row) => {
    const bought = row % 3 === 0
    const seemsBought = random.next() < 0.9 ? bought : !bought
    const cells = Object.entries(onlineShoppers.user).map(([name, { kind }]) => {
      if (name === 'PageValues') return (seemsBought ? 5 : 1) + random.next()
      return kind === 'number' ? random.integer(9) : `c${random.integer(3)}`
    })
    return [...cells, options.revenue ?? String(bought).toUpperCase()].join(',')
  })
  return [COLUMNS.join(','), ...rows, ''].join('\n')
}
