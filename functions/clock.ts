// The one place of the Worker that reads the time. Whatever needs a moment is given it, or a clock; a cron
// trigger brings its own. Where the variable CLOCK is 'request' each request may say what time it is, so that
// months can be run through in minutes: measurements set it, and no deployment does.

/** Unix milliseconds of now. */
export type Clock = () => number

/** What a request says the time is, Unix milliseconds, where it may. */
export const CLOCK_HEADER = 'presage-now'

/** The clock of a request: the machine's, or one that goes on from what the request says. */
export function clockFor(
  { CLOCK }: { readonly CLOCK?: string | undefined },
  told: string | undefined,
): Clock {
  if (CLOCK !== 'request' || told === undefined) return () => Date.now()
  const aheadMs = Number(told) - Date.now()
  if (!Number.isFinite(aheadMs))
    throw new Error(`Expected Unix milliseconds in the header ${CLOCK_HEADER}, got '${told}'`)
  return () => Date.now() + aheadMs
}
