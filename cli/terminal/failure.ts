// How a command fails: one clear line on stderr and a non-zero exit.
import type { Command } from 'commander'
import { describeSystemError } from '../../training/data/files/system-error.ts'

/** Something the user can put right; its message is all that is shown. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** The exit codes of processes that Ctrl-C or kill ended. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** Runs a command to its end and exits as it ended. */
export async function runCommand(command: () => Promise<unknown>): Promise<void> {
  try {
    await command()
  } catch (error) {
    process.stderr.write(`presage: ${messageOf(error)}\n`)
    process.exitCode = 1
  }
}

/** Lets a verb that is called wrongly end in one line as well, which names the page that helps. */
export function describeMisuse(command: Command, name = command.name()): void {
  command.configureOutput({
    outputError: (text, write) => {
      const said = text
        .trim()
        .replaceAll('\n', ' ')
        .replace(/^error: /, '')
        .replace(/\.$/, '')
      write(`presage: ${said} (${name} --help)\n`)
    },
  })
  for (const verb of command.commands) describeMisuse(verb, `${name} ${verb.name()}`)
}

/** What to say of an error; whole stacks only where PRESAGE_DEBUG is set. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof CommandError) return error.message
  if (process.env['PRESAGE_DEBUG'] !== undefined) return error.stack ?? error.message
  return sentence(describeSystemError(error))
}

/** How the system names an error, as EACCES; of others what they say. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}

function sentence(text: string): string {
  return /^(the|there) /.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text
}

/** Calls a clean-up when the user interrupts, then exits; gives a function that takes it back. */
export function onInterrupt(cleanUp: () => void | Promise<void>): () => void {
  const handle = (signal: 'SIGINT' | 'SIGTERM'): void => {
    void Promise.resolve(cleanUp()).finally(() => process.exit(EXIT_CODES[signal]))
  }
  process.once('SIGINT', handle)
  process.once('SIGTERM', handle)
  return () => {
    process.off('SIGINT', handle)
    process.off('SIGTERM', handle)
  }
}
