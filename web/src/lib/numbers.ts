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

/** Gini coefficient: 0 when all have the same, towards 1 when one has all. */
export function gini(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const total = sorted.reduce((sum, one) => sum + one, 0)
  if (total === 0) return 0
  const weighted = sorted.reduce((sum, one, index) => sum + one * (index + 1), 0)
  return (2 * weighted) / (sorted.length * total) - (sorted.length + 1) / sorted.length
}
