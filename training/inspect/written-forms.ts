// Forms in which people and tools write moments otherwise than ISO 8601: a day, or a day and a clock.
export interface WrittenForm {
  readonly pattern: RegExp
  /** As strptime takes it. */
  readonly format: string
  /** Likewise, where the day may stand before the month. */
  readonly dayFirst?: string
}

type Part = Omit<WrittenForm, 'pattern'> & { readonly pattern: string }

const MONTH = '[A-Z][a-z]{2}'
const LONG_MONTH = '[A-Z][a-z]{2,8}'

/** Days, as tools and people write them. */
const DAYS: readonly Part[] = [
  ...['/', '.', '-'].flatMap((mark): Part[] =>
    [
      ['\\d{4}', '%Y'],
      ['\\d{2}', '%y'],
    ].map(([year = '', format = '']) => ({
      pattern: `(\\d{1,2})\\${mark}(\\d{1,2})\\${mark}${year}`,
      format: `%m${mark}%d${mark}${format}`,
      dayFirst: `%d${mark}%m${mark}${format}`,
    })),
  ),
  { pattern: '\\d{4}/\\d{1,2}/\\d{1,2}', format: '%Y/%m/%d' },
  { pattern: '\\d{4}\\.\\d{1,2}\\.\\d{1,2}', format: '%Y.%m.%d' },
  ...['-', ' '].flatMap((mark): Part[] => [
    { pattern: `\\d{1,2}${mark}${MONTH}${mark}\\d{4}`, format: `%d${mark}%b${mark}%Y` },
    { pattern: `\\d{1,2}${mark}${MONTH}${mark}\\d{2}`, format: `%d${mark}%b${mark}%y` },
    { pattern: `\\d{1,2}${mark}${LONG_MONTH}${mark}\\d{4}`, format: `%d${mark}%B${mark}%Y` },
  ]),
  { pattern: `${MONTH} \\d{1,2}, \\d{4}`, format: '%b %d, %Y' },
  { pattern: `${LONG_MONTH} \\d{1,2}, \\d{4}`, format: '%B %d, %Y' },
  { pattern: `\\d{2}/${MONTH}/\\d{4}`, format: '%d/%b/%Y' },
]
const WEEKDAYS = [
  ['', ''],
  ['[A-Z][a-z]{2}, ', '%a, '],
  ['[A-Z][a-z]{2} ', '%a '],
  ['[A-Z][a-z]{5,8}, ', '%A, '],
]
const MARKS = [' ', ', ', 'T', ':']
const CLOCKS = [
  ['\\d{1,2}:\\d{2}', '%H:%M'],
  ['\\d{1,2}:\\d{2}:\\d{2}', '%H:%M:%S'],
  ['\\d{1,2}:\\d{2}:\\d{2}\\.\\d{1,6}', '%H:%M:%S.%f'],
  ...['', ' '].flatMap((mark) => [
    [`\\d{1,2}:\\d{2}${mark}[AP]M`, `%I:%M${mark}%p`],
    [`\\d{1,2}:\\d{2}:\\d{2}${mark}[AP]M`, `%I:%M:%S${mark}%p`],
  ]),
]
const ZONES = [
  ['', ''],
  [' [-+]\\d{2}:?\\d{2}', ' %z'],
  ['[-+]\\d{2}:?\\d{2}', '%z'],
]

const SUFFIXES: readonly Part[] = [
  { pattern: '', format: '' },
  ...MARKS.flatMap((mark) =>
    CLOCKS.flatMap(([clock = '', clockFormat = '']) =>
      ZONES.map(([zone = '', zoneFormat = '']) => ({
        pattern: mark + clock + zone,
        format: mark + clockFormat + zoneFormat,
      })),
    ),
  ),
]
const PREFIXES: readonly Part[] = WEEKDAYS.flatMap(([weekday = '', weekdayFormat = '']) =>
  DAYS.map(({ pattern, format, dayFirst }) => ({
    pattern: weekday + pattern,
    format: weekdayFormat + format,
    ...(dayFirst !== undefined && { dayFirst: weekdayFormat + dayFirst }),
  })),
)
const STARTS = PREFIXES.map((prefix) => ({ prefix, start: new RegExp(`^${prefix.pattern}`, 'i') }))
const ENDS = SUFFIXES.map((suffix) => ({ suffix, end: new RegExp(`^${suffix.pattern}$`, 'i') }))

/** The forms in which this cell is written. */
export function formsOf(cell: string): WrittenForm[] {
  return STARTS.flatMap(({ prefix, start }) => {
    const [day] = start.exec(cell) ?? []
    if (day === undefined) return []
    return ENDS.filter(({ end }) => end.test(cell.slice(day.length))).map(({ suffix }): WrittenForm => ({
      pattern: new RegExp(`^${prefix.pattern}${suffix.pattern}$`, 'i'),
      format: prefix.format + suffix.format,
      ...(prefix.dayFirst !== undefined && { dayFirst: prefix.dayFirst + suffix.format }),
    }))
  })
}
