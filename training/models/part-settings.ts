// The settings of the families in a mix are settings of the mix, each by the name of its family: 'trees.leavesMax'.
import type { Family, Settings } from './family.ts'
import type { Features } from '../../features/manifest.ts'
import type { SearchSpace } from './search-space.ts'

/** The mix gives each its minutes. */
const GIVEN = 'minutesMax'

/** All of these families. */
export function settingsOfParts(parts: readonly Family[]): Settings {
  return underNames(parts, ({ settings }) => settings)
}

/** Over which of them the families may be searched. */
export function spaceOfParts(parts: readonly Family[], features: Features): SearchSpace {
  return underNames(parts, ({ space }) => space?.(features) ?? {})
}

/** Those of one family, as it calls them. */
export function settingsOfPart({ name }: Family, settings: Settings): Settings {
  const own = Object.entries(settings).filter(([key]) => key.startsWith(`${name}.`))
  return Object.fromEntries(own.map(([key, value]) => [key.slice(name.length + 1), value]))
}

function underNames<Value>(
  parts: readonly Family[],
  of: (family: Family) => Readonly<Record<string, Value>>,
): Record<string, Value> {
  const entries = parts.flatMap((family) =>
    Object.entries(of(family))
      .filter(([name]) => name !== GIVEN)
      .map(([name, value]) => [`${family.name}.${name}`, value] as const),
  )
  return Object.fromEntries(entries)
}
