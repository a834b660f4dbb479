// Curves as SVG, in the colours of the page. A chart is 320 × 240; what it shows stands in its title and caption.
import type { Curve, ReliabilityBin } from '../metrics/curves.ts'
import { digits, percent } from '../told-numbers.ts'
import { html } from './markup.ts'
import type { Markup } from './markup.ts'

const [WIDTH, HEIGHT] = [320, 240]
const FRAME = { left: 54, right: 20, top: 10, bottom: 36 }
const TICKS = [0, 0.25, 0.5, 0.75, 1]

interface Axis {
  readonly label: string
  readonly from: number
  readonly until: number
  readonly format: (value: number) => string
}

/** A share, from nothing to all. */
const shareAxis = (label: string): Axis => ({
  label,
  from: 0,
  until: 1,
  format: (value) => percent(value).replace(/\.0(?= )/, ''),
})

interface Frame {
  readonly x: Axis
  readonly y: Axis
  readonly title: string
}

interface CurveChart {
  readonly title: string
  readonly caption: string
  readonly x: string
  readonly y: string
  readonly curve: Curve
  /** The same, each user weighing the same. */
  readonly perUser?: Curve | undefined
  /** The line of who knows nothing: rising, or level at a height. */
  readonly chance: 'rising' | number
}

export function curveChart({ title, caption, x, y, curve, perUser, chance }: CurveChart): Markup {
  const frame = { x: shareAxis(x), y: shareAxis(y), title }
  const [start, end] = chance === 'rising' ? [0, 1] : [chance, chance]
  return chart(frame, caption, [
    html`<path class="chance" d="${pathOf(frame, { x: [0, 1], y: [start, end] })}" />`,
    ...(perUser === undefined ? [] : [html`<path class="per-user" d="${pathOf(frame, perUser)}" />`]),
    html`<path class="line" d="${pathOf(frame, curve)}" />`,
  ])
}

/** What came by what was told, with what may have come; of probabilities, or of amounts. */
export function reliabilityChart(
  bins: readonly ReliabilityBin[],
  {
    unit,
    perUser,
  }: { readonly unit: 'share' | 'amount'; readonly perUser?: readonly ReliabilityBin[] | undefined },
): Markup {
  const all = [...bins, ...(perUser ?? [])]
  const lowest = Math.min(0, ...all.map(({ told, came }) => Math.min(told, came)))
  const highest = Math.max(
    ...all.map(({ told, came, high }) => Math.max(told, came, Math.min(high, 2 * came))),
  )
  const until = unit === 'share' ? Math.min(1, roundUp(highest)) : roundUp(highest)
  const format = unit === 'share' ? shareAxis('').format : digits
  const axis = (label: string): Axis => ({
    label,
    from: lowest,
    until: until > lowest ? until : lowest + 1,
    format,
  })
  const frame = { x: axis('told'), y: axis('came'), title: 'Reliability' }
  const dots = bins.flatMap(({ told, came, low, high }) => {
    const [x, y] = [across(frame, told), down(frame, came)]
    const [top, bottom] = [down(frame, Math.min(high, until)), down(frame, Math.max(low, lowest))]
    return [
      html`<path class="error" d="M${x} ${top}V${bottom}" /><circle
          class="dot"
          cx="${x}"
          cy="${y}"
          r="3.2"
        />`,
    ]
  })
  const line = { x: bins.map(({ told }) => told), y: bins.map(({ came }) => came) }
  const ofUsers = perUser && { x: perUser.map(({ told }) => told), y: perUser.map(({ came }) => came) }
  const caption =
    unit === 'share'
      ? 'On the rising line what was told is what came. Bars: what may have come by chance, at 95 %.'
      : 'On the rising line amounts add up. Bars: what may have come by chance, at 95 %.'
  return chart(frame, caption, [
    html`<path class="chance" d="${pathOf(frame, { x: [lowest, until], y: [lowest, until] })}" />`,
    ...(ofUsers === undefined ? [] : [html`<path class="per-user" d="${pathOf(frame, ofUsers)}" />`]),
    html`<path class="line thin" d="${pathOf(frame, line)}" />`,
    ...dots,
  ])
}

/** A share of a whole as a bar, from nothing to all; below nothing it is empty. */
export function bar(share: number): Markup {
  const width = Math.max(0, Math.min(1, share)) * 100
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="whole" width="100" height="8" />
    <rect class="part" width="${width.toFixed(1)}" height="8" />
  </svg>`
}

function chart(frame: Frame, caption: string, drawn: readonly Markup[]): Markup {
  const { x, y, title } = frame
  const ticksOf = (axis: Axis): number[] => TICKS.map((tick) => axis.from + tick * (axis.until - axis.from))
  const [bottom, right] = [HEIGHT - FRAME.bottom, WIDTH - FRAME.right]
  return html`<figure>
    <figcaption><strong>${title}</strong></figcaption>
    <svg
      class="chart"
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label="${title}: ${y.label} by ${x.label}"
    >
      ${ticksOf(x).map((tick) => html`<path class="grid" d="M${across(frame, tick)} ${FRAME.top}V${bottom}" /><text class="tick" text-anchor="middle" x="${across(frame, tick)}" y="${bottom + 13}">${x.format(tick)}</text>`)}
      ${ticksOf(y).map((tick) => html`<path class="grid" d="M${FRAME.left} ${down(frame, tick)}H${right}" /><text class="tick" text-anchor="end" x="${FRAME.left - 5}" y="${down(frame, tick) + 3}">${y.format(tick)}</text>`)}
      <text class="axis" text-anchor="middle" x="${(FRAME.left + right) / 2}" y="${HEIGHT - 6}">
        ${x.label}
      </text>
      <text
        class="axis"
        text-anchor="middle"
        transform="translate(9 ${(FRAME.top + bottom) / 2}) rotate(-90)"
      >
        ${y.label}
      </text>
      ${drawn}
    </svg>
    <p class="note">${caption}</p>
  </figure>`
}

function pathOf(frame: Frame, { x, y }: Curve): string {
  return x
    .map((value, at) => `${at === 0 ? 'M' : 'L'}${across(frame, value)} ${down(frame, y[at] ?? 0)}`)
    .join('')
}

function across({ x }: Frame, value: number): number {
  const share = (value - x.from) / (x.until - x.from)
  return Number((FRAME.left + share * (WIDTH - FRAME.left - FRAME.right)).toFixed(1))
}

function down({ y }: Frame, value: number): number {
  const share = (value - y.from) / (y.until - y.from)
  return Number((HEIGHT - FRAME.bottom - share * (HEIGHT - FRAME.top - FRAME.bottom)).toFixed(1))
}

/** To the next 1, 2, 4, 6, 8 or 10 of the same magnitude. */
function roundUp(value: number): number {
  if (!(value > 0)) return 1
  const magnitude = 10 ** Math.floor(Math.log10(value))
  const step = [1, 2, 4, 6, 8, 10].find((times) => times * magnitude >= value) ?? 10
  return step * magnitude
}
