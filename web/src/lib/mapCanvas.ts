/** Draws the map of stations: a shape and a colour for each level of coverage. */
import type { Level } from './coverage'

export interface Spot {
  id: string
  name: string
  x: number
  y: number
  level: Level
  large: boolean
  /** Colour in place of the level's; then the note says what it stands for. */
  fill?: string
  note?: string
}

interface Box {
  left: number
  right: number
  top: number
  bottom: number
}

const ORDER: Record<Level, number> = { none: 0, full: 1, met: 2, short: 3, empty: 4 }

/** Colours come from the style sheet, so that the map follows light and dark. */
function palette(element: Element): (name: string) => string {
  const style = getComputedStyle(element)
  return (name) => style.getPropertyValue(name).trim()
}

export function drawMap(canvas: HTMLCanvasElement, spots: readonly Spot[], size: { width: number; height: number }, chosen: string, bar: { metres: number; pixels: number }): void {
  const ratio = window.devicePixelRatio || 1
  canvas.width = size.width * ratio
  canvas.height = size.height * ratio
  canvas.style.height = `${size.height}px`
  const pen = canvas.getContext('2d')
  if (!pen) return
  const colour = palette(canvas)
  pen.scale(ratio, ratio)
  pen.clearRect(0, 0, size.width, size.height)
  pen.font = `12px ${colour('--el-font-family') || 'sans-serif'}`
  const radius = spots.length > 1500 ? 3.5 : spots.length > 60 ? 5 : 8
  for (const spot of [...spots].sort((a, b) => ORDER[a.level] - ORDER[b.level])) {
    if (spot.x < -20 || spot.y < -20 || spot.x > size.width + 20 || spot.y > size.height + 20) continue
    mark(pen, spot, spot.large ? radius * 1.5 : radius, colour)
  }
  const labels = spots.filter((spot) => spot.id === chosen || (spot.large && spots.length < 200))
  pen.fillStyle = colour('--ink')
  // Names of many units take too much room; their figures say more. Where words would cover others, the worst are kept.
  const words = (spot: Spot) => (!spot.note ? spot.name : spots.length > 30 && spot.id !== chosen ? spot.note : `${spot.name} ${spot.note}`)
  const taken: Box[] = []
  for (const spot of labels.sort((a, b) => Number(b.id === chosen) - Number(a.id === chosen) || ORDER[b.level] - ORDER[a.level])) {
    const [text, x, y] = [words(spot), spot.x + radius * 1.5 + 4, spot.y + 4]
    const box = { left: x - 3, right: x + pen.measureText(text).width + 3, top: y - 12, bottom: y + 4 }
    if (taken.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top)) continue
    taken.push(box)
    pen.fillText(text, x, y)
  }
  const picked = spots.find((spot) => spot.id === chosen)
  if (picked) {
    pen.strokeStyle = colour('--focus')
    pen.lineWidth = 3
    pen.beginPath()
    pen.arc(picked.x, picked.y, radius * 2, 0, 7)
    pen.stroke()
  }
  scale(pen, size, bar, colour)
}

function mark(pen: CanvasRenderingContext2D, spot: Spot, r: number, colour: (name: string) => string): void {
  const { x, y, level } = spot
  pen.beginPath()
  if (level === 'short') {
    pen.moveTo(x, y - r * 1.2)
    pen.lineTo(x + r * 1.1, y + r * 0.9)
    pen.lineTo(x - r * 1.1, y + r * 0.9)
    pen.closePath()
  } else if (level === 'empty') pen.rect(x - r, y - r, 2 * r, 2 * r)
  else pen.arc(x, y, level === 'none' ? r * 0.6 : r, 0, 7)
  pen.fillStyle = level === 'none' ? colour('--line-strong') : colour(`--${level}-ground`)
  if (spot.fill) pen.fillStyle = spot.fill
  pen.strokeStyle = level === 'none' ? colour('--line-strong') : colour(`--${level}-ink`)
  pen.lineWidth = 1.6
  pen.fill()
  pen.stroke()
}

function scale(pen: CanvasRenderingContext2D, size: { width: number; height: number }, bar: { metres: number; pixels: number }, colour: (name: string) => string): void {
  const [x, y] = [14, size.height - 16]
  pen.strokeStyle = colour('--ink-soft')
  pen.fillStyle = colour('--ink-soft')
  pen.lineWidth = 1.5
  pen.beginPath()
  pen.moveTo(x, y - 5)
  pen.lineTo(x, y)
  pen.lineTo(x + bar.pixels, y)
  pen.lineTo(x + bar.pixels, y - 5)
  pen.stroke()
  pen.fillText(bar.metres >= 1000 ? `${bar.metres / 1000} km` : `${bar.metres} m`, x + 5, y - 6)
}
