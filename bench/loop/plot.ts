// A line plot as SVG, small enough to read: days to the right, percent upwards.
export interface Series {
  readonly name: string
  readonly colour: string
  /** By day from 0; NaN where nothing is known. */
  readonly values: readonly number[]
}

export interface Plot {
  readonly title: string
  readonly series: readonly Series[]
  /** What happened on some days. */
  readonly marks: readonly { readonly day: number; readonly name: string }[]
}

const WIDTH = 720
const HEIGHT = 300
const MARGIN = { left: 44, right: 12, top: 34, bottom: 36 }

/** Values above twice what 95 % of them stay under are cut off, so that one day does not flatten all others. */
export function plotSvg({ title, series, marks }: Plot): string {
  const days = Math.max(...series.map(({ values }) => values.length))
  const all = series.flatMap(({ values }) => values.filter((value) => Number.isFinite(value)))
  const high = all.toSorted((a, b) => a - b)[Math.floor(0.95 * (all.length - 1))] ?? 1
  const top = niceTop(Math.min(2 * high, Math.max(...all)))
  const x = (day: number): number =>
    MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * day) / Math.max(1, days - 1)
  const y = (value: number): number =>
    HEIGHT - MARGIN.bottom - ((HEIGHT - MARGIN.top - MARGIN.bottom) * Math.max(0, Math.min(top, value))) / top
  const lines = series.map(({ colour, values }) => {
    const points = values.flatMap((value, day) =>
      Number.isFinite(value) ? [`${round(x(day))},${round(y(value))}`] : [],
    )
    return `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points.join(' ')}"/>`
  })
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = round(y(share * top))
    return `<path stroke="#ddd" d="M${MARGIN.left} ${at}H${WIDTH - MARGIN.right}"/><text x="${MARGIN.left - 6}" y="${at + 4}" text-anchor="end">${round(share * top)} %</text>`
  })
  const ticks = Array.from({ length: Math.floor((days - 1) / 10) + 1 }, (_, index) => 10 * index).map(
    (day) => `<text x="${round(x(day))}" y="${HEIGHT - 18}" text-anchor="middle">${day}</text>`,
  )
  const signs = marks
    .filter(({ day }) => day < days)
    .map(({ day, name }, index) => {
      const at = round(x(day))
      return `<path stroke="#999" stroke-dasharray="3 3" d="M${at} ${MARGIN.top}V${HEIGHT - MARGIN.bottom}"/><text x="${at + 3}" y="${MARGIN.top + 10 + 12 * (index % 3)}">${name}</text>`
    })
  const legend = series.map(
    ({ name, colour }, index) =>
      `<text x="${MARGIN.left + 330 + 130 * index}" y="16" fill="${colour}">${name}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="11">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
<text x="${MARGIN.left}" y="16" font-size="13">${title}</text>
${[...grid, ...ticks, ...signs, ...lines, ...legend].join('\n')}
<text x="${WIDTH / 2}" y="${HEIGHT - 4}" text-anchor="middle">day</text>
</svg>
`
}

/** The next of 1, 2, 5, 10, 20, … */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)))
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
