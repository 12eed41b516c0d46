/** Positions to plane coordinates for a map without tiles: equirectangular about the middle, which is exact enough for a city. */

export interface Place {
  latitude: number
  longitude: number
}

export interface Point {
  x: number
  y: number
}

const METRES_PER_DEGREE = 111_320

/** A projection in metres, x to the east and y to the south. */
export function projection(places: readonly Place[]): (place: Place) => Point {
  const middle = places.reduce((sum, one) => sum + one.latitude, 0) / Math.max(1, places.length)
  const stretch = Math.cos((middle * Math.PI) / 180)
  return (place) => ({
    x: place.longitude * METRES_PER_DEGREE * stretch,
    y: -place.latitude * METRES_PER_DEGREE,
  })
}

export interface View {
  /** Pixels per metre. */
  scale: number
  /** Plane coordinates of the canvas' middle. */
  x: number
  y: number
}

/** The view that shows all points with a margin. */
export function fit(points: readonly Point[], width: number, height: number, margin = 28): View {
  if (points.length === 0) return { scale: 1, x: 0, y: 0 }
  const xs = points.map((one) => one.x)
  const ys = points.map((one) => one.y)
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const scale = Math.min(
    Math.max(1, width - 2 * margin) / Math.max(200, right - left),
    Math.max(1, height - 2 * margin) / Math.max(200, bottom - top),
  )
  return { scale, x: (left + right) / 2, y: (top + bottom) / 2 }
}

export function toScreen(point: Point, view: View, width: number, height: number): Point {
  return { x: (point.x - view.x) * view.scale + width / 2, y: (point.y - view.y) * view.scale + height / 2 }
}

/** Zooms by a factor so that what lies under the cursor stays there. */
export function zoomAt(view: View, at: Point, factor: number, width: number, height: number): View {
  const scale = Math.min(20, Math.max(0.0005, view.scale * factor))
  const x = view.x + (at.x - width / 2) * (1 / view.scale - 1 / scale)
  const y = view.y + (at.y - height / 2) * (1 / view.scale - 1 / scale)
  return { scale, x, y }
}

/** A round length for the scale bar of at most `pixels`. */
export function scaleBar(view: View, pixels = 120): { metres: number; pixels: number } {
  const most = pixels / view.scale
  const power = 10 ** Math.floor(Math.log10(most))
  const metres = [5, 2, 1].map((step) => step * power).find((length) => length <= most) ?? power
  return { metres, pixels: metres * view.scale }
}
