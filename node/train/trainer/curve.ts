export type Point = { readonly step: number; readonly value: number }

export type Curve = {
  readonly title: string
  /** What there is along the axes. */
  readonly over: string
  readonly of: string
  readonly best: 'lowest' | 'highest'
  /** In the order of the steps; those of the training are shown smoothed as well. */
  readonly training: readonly Point[]
  readonly holdout: readonly Point[]
}

type Scale = { readonly from: number; readonly to: number; readonly ticks: readonly number[] }

const [width, height] = [800, 400]
const [right, top, bottom] = [width - 32, 52, height - 52]
/** About one for each pixel of a screen; more could not be told apart. */
const maxPoints = 700
/** Steps that the smoothed line looks at, before and behind: a share of all, so that it is as calm for ten thousand as for a hundred. */
const smoothedShare = 1 / 80
/** A few wild steps shall not press everything else to the ground. */
const shownShare = 0.995

/** Ink that is read on both grounds; blue and orange are told apart by those who see no red or green too (Okabe & Ito 2008). */
const style = `text{font:13px system-ui,sans-serif;fill:#444}.title{font-size:16px;font-weight:600;fill:#111}.ground{fill:#fff}.grid{stroke:#e6e6e6}.axis{stroke:#888}
.training{fill:none;stroke:#0072b2}.raw{opacity:.3}.smooth{stroke-width:2.25}.holdout{fill:none;stroke:#d55e00;stroke-width:2}.key{stroke:none}.training.key{fill:#0072b2}.holdout.key{fill:#d55e00}.dot{fill:#d55e00;stroke:none}.best{fill:none;stroke:#d55e00;stroke-width:1.5}
@media (prefers-color-scheme:dark){text{fill:#b4b9c2}.title{fill:#f2f3f5}.ground{fill:#15181d}.grid{stroke:#2a2f37}.axis{stroke:#6b727d}.training{stroke:#56b4e9}.raw{opacity:.35}.holdout,.best{stroke:#f0913a}.dot,.holdout.key{fill:#f0913a}.training.key{fill:#56b4e9}.key,.dot{stroke:none}}`

/** A picture of a training, 800 × 400, as an SVG file: what was measured in its steps, and on a holdout. Points without a finite value are left out. */
export function curve({ title, over, of, best: better, training, holdout }: Curve): string {
  const raw = training.filter(({ value }) => Number.isFinite(value))
  const measured = holdout.filter(({ value }) => Number.isFinite(value))
  const smooth = smoothed(raw)
  const x = scaleOf(0, Math.max(1, ...[raw, measured].map(points => points.at(-1)?.step ?? 0)), 8, 1)
  const y = scaleOf(...shownRange(raw, [...smooth, ...measured]), 6)
  const labels = y.ticks.map(tick => tick.toFixed(decimalsOf(y.ticks)))
  const left = 40 + 8 * Math.max(...labels.map(({ length }) => length))
  const xOf = (step: number) => round(left + ((step - x.from) / (x.to - x.from)) * (right - left))
  const yOf = (value: number) => round(bottom - ((value - y.from) / (y.to - y.from)) * (bottom - top))
  const dot = ({ step, value }: Point, kind: string, radius = 3) => `<circle class="${kind}" cx="${xOf(step)}" cy="${yOf(value)}" r="${radius}"/>`
  const line = (points: readonly Point[], kind: string) => (points.length > 1 ? `<polyline class="${kind}" points="${points.map(({ step, value }) => `${xOf(step)},${yOf(value)}`).join(' ')}"/>` : points.map(point => dot(point, kind)).join(''))
  const best = measured.reduce<Point | undefined>((so, point) => (!so || (better === 'lowest' ? point.value < so.value : point.value > so.value) ? point : so), undefined)
  const entries = [...(raw.length > 0 ? [['training', 'training']] : []), ...(best ? [['holdout', `holdout, ${better} ${best.value.toPrecision(4)} at ${over.replace(/s$/, '')} ${grouped(best.step)}`]] : [])]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<style>${style}</style>
<clipPath id="plot"><rect x="${left - 6}" y="${top - 6}" width="${right - left + 12}" height="${bottom - top + 12}"/></clipPath>
<rect class="ground" width="${width}" height="${height}"/>
<text class="title" x="${left}" y="28">${escaped(title)}</text>
<text x="${right}" y="28" text-anchor="end">${entries.map(([kind, text]) => `<tspan class="${kind} key">●</tspan> ${text}`).join('\u2003') || `no ${escaped(over)}`}</text>
${y.ticks.map((tick, at) => `<line class="grid" x1="${left}" y1="${yOf(tick)}" x2="${right}" y2="${yOf(tick)}"/><text x="${left - 8}" y="${yOf(tick) + 4.5}" text-anchor="end">${labels[at]}</text>`).join('\n')}
${x.ticks.map(tick => `<line class="axis" x1="${xOf(tick)}" y1="${bottom}" x2="${xOf(tick)}" y2="${bottom + 5}"/><text x="${xOf(tick)}" y="${bottom + 20}" text-anchor="middle">${grouped(tick)}</text>`).join('\n')}
<line class="axis" x1="${left}" y1="${bottom}" x2="${right}" y2="${bottom}"/>
<text x="${(left + right) / 2}" y="${height - 12}" text-anchor="middle">${escaped(over)}</text>
<text transform="translate(18 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(of)}</text>
<g clip-path="url(#plot)">${line(extremes(raw), 'training raw')}${line(extremes(smooth), 'training smooth')}${line(measured, 'holdout')}${measured.length > 40 ? '' : measured.map(point => dot(point, 'dot')).join('')}</g>
${best ? dot(best, 'best', 6) : ''}
</svg>
`
}

/** Exponential means of what came before and of what comes after, each corrected for its beginning. Both together lag behind nothing. */
function smoothed(points: readonly Point[]): Point[] {
  const kept = 1 - 1 / Math.max(1, Math.min(5, points.length / 20), points.length * smoothedShare)
  const means = (values: readonly number[]) => {
    let [sum, weight] = [0, 0]
    return values.map(value => {
      sum = kept * sum + (1 - kept) * value
      weight = kept * weight + (1 - kept)
      return sum / weight
    })
  }
  const values = points.map(({ value }) => value)
  const [before, after] = [means(values), means(values.toReversed()).reverse()]
  return points.map(({ step }, at) => ({ step, value: (before[at]! + after[at]!) / 2 }))
}

/** Of more points than a picture can show, the least and the greatest of each few neighbours, so that what is wild still looks so. */
function extremes(points: readonly Point[]): readonly Point[] {
  if (points.length <= maxPoints) return points
  const group = Math.ceil((points.length / maxPoints) * 2)
  return Array.from({ length: Math.ceil(points.length / group) }, (_, index) => {
    const sorted = points.slice(index * group, (index + 1) * group).sort((a, b) => a.value - b.value)
    return [sorted[0]!, sorted.at(-1)!].sort((a, b) => a.step - b.step)
  }).flat()
}

/** Of the values that are shown: all that are sure, and nearly all of the rest. */
function shownRange(raw: readonly Point[], sure: readonly Point[]): [number, number] {
  const sorted = Float64Array.from(raw, ({ value }) => value).sort()
  const least = sure.reduce((low, { value }) => Math.min(low, value), sorted[Math.floor(sorted.length * (1 - shownShare))] ?? Infinity)
  const most = sure.reduce((high, { value }) => Math.max(high, value), sorted[Math.ceil(sorted.length * shownShare) - 1] ?? -Infinity)
  return least <= most ? [least, most] : [0, 1]
}

/** Round numbers, `count` at most, that lie about `from` … `to`. `least`: between two of them. */
function scaleOf(from: number, to: number, count: number, least = 0): Scale {
  const span = to > from ? to - from : Math.abs(from) || 1
  const size = 10 ** Math.floor(Math.log10(span / count))
  const step = Math.max(least, [1, 2, 5, 10].map(each => each * size).find(each => span / each <= count - 1) ?? 10 * size)
  const [first, last] = [Math.floor(from / step), Math.max(Math.floor(from / step) + 1, Math.ceil(to / step))]
  return { from: first * step, to: least ? to : last * step, ticks: Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step).filter(tick => !least || tick <= to) }
}

function decimalsOf(ticks: readonly number[]): number {
  return Math.max(0, Math.min(8, -Math.floor(Math.log10(ticks[1]! - ticks[0]!) + 1e-9)))
}

/** 12 345. */
function grouped(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, '\u202F')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
