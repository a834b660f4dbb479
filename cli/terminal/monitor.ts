// Shows on stderr what training tells, so that stdout holds results alone.
import type { Monitor } from '../../training/monitor.ts'
import { createProgress } from './progress.ts'
import type { ProgressStream } from './progress.ts'

/** Work in progress is one line that is rewritten on a terminal, and a line now and then elsewhere. */
export function createMonitor(stream: ProgressStream = process.stderr): Monitor {
  return {
    say: (line) => {
      // What is being rewritten makes room and comes again below.
      stream.write(stream.isTTY === true ? `\r\u001B[2K${line}\n` : `${line}\n`)
    },
    track: (work) => createProgress({ ...work, stream }),
  }
}

/** The same monitor, each line of which begins with these words. */
export function withPrefix(prefix: string, monitor: Monitor): Monitor {
  return {
    say: (line) => monitor.say(`${prefix}: ${line}`),
    track: (work) => monitor.track({ ...work, label: `${prefix}: ${work.label}` }),
  }
}
