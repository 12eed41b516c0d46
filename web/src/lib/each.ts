/** Reads by id, a few at a time, the records that a map lacks; one that may not be read or is gone stays away. */
export async function readEach<T>(into: Map<string, T>, ids: readonly string[], get: (id: string) => Promise<T>): Promise<void> {
  const left = ids.filter((id) => !into.has(id))
  const worker = async () => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      const found = await get(id).catch(() => undefined)
      if (found !== undefined) into.set(id, found)
    }
  }
  await Promise.all(Array.from({ length: 6 }, worker))
}
