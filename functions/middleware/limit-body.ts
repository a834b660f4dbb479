// Bodies over 1 MB are refused before they are parsed, whatever their headers say.
import { bodyLimit } from 'hono/body-limit'
import { ProblemError } from './problem.ts'

const BODY_BYTES_MAX = 1_000_000

export const limitBody = bodyLimit({
  maxSize: BODY_BYTES_MAX,
  onError: () => {
    throw new ProblemError('body_too_large')
  },
})
