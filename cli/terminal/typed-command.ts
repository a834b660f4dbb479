// A command as it can be typed again, for the page of what it made.
import { namedPathsOf, ROLES } from '../../training/data/files/data-path.ts'
import type { DataPath } from '../../training/data/files/data-path.ts'
import { shellWord } from './shell-word.ts'

/** This process's own, without what it was given in secret: a key, or a user in an address. */
export function typedCommand(words: readonly string[] = process.argv.slice(2)): string {
  const kept = words.filter(
    (word, at) => word !== '--key' && words[at - 1] !== '--key' && !word.startsWith('--key='),
  )
  return inShell(kept.map((word) => word.replace(/^([a-z]+:\/\/)[^/@]*@/, '$1')))
}

/** What trains the same as a training that another command began. */
export function trainCommand(of: {
  readonly projectFile: string
  readonly path: DataPath
  readonly skipBadRows: boolean
  readonly family: string
  readonly minutes?: number | undefined
  readonly seed: number
}): string {
  const { base, named } = namedPathsOf(of.path)
  const paths = ROLES.flatMap((role) => (named[role] ?? []).map((path) => `${role}=${path}`))
  return inShell([
    'train',
    of.projectFile,
    ...[...(base === undefined ? [] : [base]), ...paths].flatMap((path) => ['--data', path]),
    '--family',
    of.family,
    ...(of.minutes === undefined ? [] : ['--minutes', String(of.minutes)]),
    '--seed',
    String(of.seed),
    ...(of.skipBadRows ? ['--skip-bad-rows'] : []),
  ])
}

function inShell(words: readonly string[]): string {
  return ['npx presage', ...words.map(shellWord)].join(' ')
}
