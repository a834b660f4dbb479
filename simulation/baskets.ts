// Baskets: what the project is after comes as several lines of one moment, as a till writes them. How many
// tells nothing of what somebody does next; that they came does.
import type { Random } from '../features/random.ts'
import type { Law } from './law.ts'

/** How many lines come beside the first, on average. */
const FURTHER_LINES = 7

/** How many lines an event of this type takes beside its first. Draws nothing where the switch is off. */
export function furtherLines({ world, simulator }: Law, type: string, random: Random): number {
  if (!world.baskets || type !== simulator.wanted) return 0
  return Math.floor(random.exponential(1 / (FURTHER_LINES + 1 / 2)))
}
