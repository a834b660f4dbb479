// The option --data: once with a path, or once for each of several files, as in `--data users=people.csv`.
import { existsSync } from 'node:fs'
import { Option } from 'commander'
import { parseDataPath, ROLES } from '../../training/data/files/data-path.ts'
import type { DataPath } from '../../training/data/files/data-path.ts'
import { CommandError } from './failure.ts'

/** Gives its arguments as a list, for dataPathOf. */
export function dataOption(description: string): Option {
  const words = ROLES.map((role) => `${role}=…`).join(', ')
  return new Option(
    '--data <path>',
    `${description}; or again for each file, by what it holds: ${words}`,
  ).argParser((value: string, before?: readonly string[]) => [...(before ?? []), value])
}

/** Throws CommandError where they contradict each other. */
export function dataPathOf(args: readonly string[]): DataPath {
  const parsed = parseDataPath(args, existsSync)
  if (!parsed.ok) throw new CommandError(parsed.reason)
  return parsed.value
}
