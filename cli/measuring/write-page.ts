// The page of an evaluation.
import { cardPage } from '../../training/card-page/card-page.ts'
import { versions } from '../../training/versions.ts'
import { writeWhole } from '../storage/write-whole.ts'
import { CommandError, messageOf } from '../terminal/failure.ts'
import { typedCommand } from '../terminal/typed-command.ts'
import type { Measurement, Outcome } from './measured.ts'

/** Throws CommandError where the file cannot be written. */
export function writePage(
  path: string,
  { project, data, options }: Measurement,
  { measured, page }: Outcome,
): void {
  const { family, bundle, split } = measured
  const told = { project: project.name, family, bundle, split, seed: options.seed, ...page }
  const { report, undated } = data
  const text = cardPage({ ...told, data: report, undated, versions, command: typedCommand() })
  try {
    writeWhole(path, text)
  } catch (error) {
    throw new CommandError(`The page cannot be written to ${path}: ${messageOf(error)}`)
  }
}
