// The text of a project, from what was found in files. Pure; its lines are formatted like the repository's.
import { basename } from 'node:path'
import { identifierOf } from '../../training/inspect/name-words.ts'
import type { Inspection } from '../../training/inspect/shape.ts'
import type { Declared } from './declared.ts'
import { commentLines, literalOf, write } from './typescript-text.ts'
import type { Entry } from './typescript-text.ts'
import { writeEvents } from './write-events.ts'
import { writeSequences } from './write-sequences.ts'
import { writeTable } from './write-table.ts'

export interface WriteRequest {
  readonly inspection: Inspection
  readonly name: string
  /** How features/project.ts is reached from where the file will lie. */
  readonly featuresPath: string
  /** Whether sources name their files: data is a folder or several files. */
  readonly namesFiles: boolean
}

export function writeProject({ inspection, name, featuresPath, namesFiles }: WriteRequest): string {
  const { about, members } = declare(inspection, namesFiles)
  const object: Entry[] = [{ name: 'name', value: literalOf(name) }, ...members]
  const body = `export const ${constantOf(name)} = defineProject(${write({ object })})\n`
  const used = FUNCTIONS.filter((own) => new RegExp(`^[^/]*\\b${own}\\(`, 'm').test(body))
  const imports = `import { ${used.join(', ')} } from ${literalOf(featuresPath)}`
  const broken = `import {\n${used.map((own) => `  ${own},\n`).join('')}} from ${literalOf(featuresPath)}`
  const files = inspection.files.map(
    ({ path, rowCount }) => `${basename(path)} (${rowCount.toLocaleString('en-US')} rows)`,
  )
  const head = [
    ...commentLines(`${about} Written by \`presage init\` from ${files.join(', ')}; it is yours to edit.`, 0),
    ...inspection.unused.flatMap(({ file, because }) => commentLines(`Not read: ${file}: ${because}.`, 0)),
  ]
  return `${head.join('\n')}\n${imports.length <= 110 ? imports : broken}\n\n${body}`
}

const FUNCTIONS = [
  'absent',
  'category',
  'count',
  'defineProject',
  'label',
  'nextEvent',
  'number',
  'occurs',
  'text',
  'total',
  'vector',
]

function declare(inspection: Inspection, namesFiles: boolean): Declared {
  const { shape, warnings } = inspection
  switch (shape.kind) {
    case 'table':
      return writeTable(shape, { warnings, namesFiles })
    case 'events':
      return writeEvents(shape, { warnings, namesFiles })
    case 'sequences':
      return writeSequences(shape, { namesFiles })
  }
}

/** The name of the constant: onlineShoppers of online-shoppers. */
export function constantOf(name: string): string {
  const constant = identifierOf(name)
  return RESERVED.has(constant) ? `${constant}Project` : constant
}

/** Words that TypeScript or the file itself has for something else. */
const RESERVED = new Set([
  ...FUNCTIONS,
  'new',
  'class',
  'default',
  'delete',
  'export',
  'import',
  'switch',
  'case',
  'return',
  'var',
  'let',
  'const',
  'function',
  'in',
  'do',
  'if',
  'else',
  'for',
  'while',
  'this',
  'null',
  'true',
  'false',
  'void',
  'with',
  'yield',
  'enum',
  'super',
  'static',
  'package',
  'public',
  'private',
  'interface',
])
