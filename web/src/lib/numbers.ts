/** Numbers for readers. */
export function percent(share: number): string {
  const value = share * 100
  return `${value !== 0 && Math.abs(value) < 10 ? value.toFixed(2) : value.toFixed(1)} %`
}

export function grouped(value: number): string {
  return value.toLocaleString('en-US')
}

/** Counts of values in classes of equal width from 0. */
export function histogram(values: readonly number[], width: number): { from: number; count: number }[] {
  const most = Math.max(0, ...values)
  const bins = Array.from({ length: Math.floor(most / width) + 1 }, (_, index) => ({ from: index * width, count: 0 }))
  for (const value of values) {
    const bin = bins[Math.floor(value / width)]
    if (bin) bin.count += 1
  }
  return bins
}

/** A width of 1, 2 or 5 times a power of ten with which values from 0 to `most` fall into at most `bins` classes. */
export function binWidth(most: number, bins = 12): number {
  for (let power = 1; ; power *= 10) {
    for (const step of [power, 2 * power, 5 * power]) if (most < step * bins) return step
  }
}

/** Counts of values in classes of equal width around 0, the lowest class that holds one first. */
export function spread(values: readonly number[], width: number): { from: number; count: number }[] {
  if (values.length === 0) return []
  const least = Math.floor(Math.min(...values) / width) * width
  return histogram(values.map((one) => one - least), width).map((bin) => ({ from: bin.from + least, count: bin.count }))
}

/** Gini coefficient: 0 when all have the same, towards 1 when one has all. */
export function gini(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const total = sorted.reduce((sum, one) => sum + one, 0)
  if (total === 0) return 0
  const weighted = sorted.reduce((sum, one, index) => sum + one * (index + 1), 0)
  return (2 * weighted) / (sorted.length * total) - (sorted.length + 1) / sorted.length
}
