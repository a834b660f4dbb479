// Asks a person what cannot be known; where nobody is at a terminal, says by which option to tell it.
import { createInterface } from 'node:readline/promises'
import { CommandError } from '../terminal/failure.ts'

export interface Question {
  readonly text: string
  /** The first is the guess. */
  readonly options: readonly string[]
  /** The option of the command that answers it. */
  readonly flag?: string
}

export interface Ask {
  /** Takes the guess wherever it would ask. */
  readonly guesses: boolean
  /** Whether somebody is there who may be asked. */
  readonly isPossible: boolean
  /** The answer; the guess where it is empty. Throws CommandError where nobody can be asked. */
  question(question: Question): Promise<string>
  say(line: string): void
}

/** Of process.stdin and process.stderr, what is needed here. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream
}

export function createAsk({
  guesses,
  terminal = { input: process.stdin, output: process.stderr },
}: {
  readonly guesses: boolean
  readonly terminal?: Terminal
}): Ask {
  const isPossible = !guesses && terminal.input.isTTY === true
  return {
    guesses,
    isPossible,
    question: async ({ text, options, flag }) => {
      const [guess = ''] = options
      if (!isPossible) {
        throw new CommandError(
          `${text} It may be ${options.join(', ')}: ${flag === undefined ? '' : `name it with --${flag}, or `}--yes takes ${guess}`,
        )
      }
      const reader = createInterface(terminal)
      try {
        const others = options.length > 1 ? ` (${options.join(', ')})` : ''
        const answer = (await reader.question(`${text}${others} [${guess}] `)).trim()
        return answer === '' ? guess : answer
      } finally {
        reader.close()
      }
    },
    say: (line) => void terminal.output.write(`${line}\n`),
  }
}
