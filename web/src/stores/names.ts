/** Names by id, fetched once a session: every page shows people, stations and units by name. */
import { defineStore } from 'pinia'
import { ref, shallowReactive } from 'vue'
import { allPages, type Schemas } from '@/api/client'
import { people, shiftTypes, skills, stations, units } from '@/api/resource'

type Named = { id?: string | null; name: string }

export const useNames = defineStore('names', () => {
  const personById = shallowReactive(new Map<string, Schemas['Person']>())
  const stationById = shallowReactive(new Map<string, Schemas['Station']>())
  const unitById = shallowReactive(new Map<string, Schemas['Unit']>())
  const skillList = ref<Schemas['Skill'][]>([])
  const shiftTypeList = ref<Schemas['ShiftType'][]>([])
  let lists: Promise<void> | null = null

  function keep<T extends Named>(map: Map<string, T>, items: readonly T[]): void {
    for (const item of items) if (item.id) map.set(item.id, item)
  }

  /** Skills and kinds of shift; few, so all of them. */
  function ensureLists(again = false): Promise<void> {
    if (again || !lists) {
      lists = (async () => {
        const [s, t] = await Promise.all([
          allPages(skills.list({ limit: 500 })),
          allPages(shiftTypes.list({ limit: 500 })),
        ])
        skillList.value = s
        shiftTypeList.value = t
      })().catch((error: unknown) => {
        lists = null
        throw error
      })
    }
    return lists
  }

  /** Fetches those that are not known, a few at a time; what is gone keeps its id as its name. */
  async function ensure<T extends Named>(map: Map<string, T>, get: (id: string) => Promise<T>, ids: Iterable<string>): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !map.has(id))
    const worker = async () => {
      for (let id = missing.pop(); id !== undefined; id = missing.pop()) {
        const found = await get(id).catch(() => undefined)
        if (found) map.set(id, found)
      }
    }
    await Promise.all(Array.from({ length: 6 }, worker))
  }

  /** Units together with all above them, as far as the reader may see them. */
  async function ensurePaths(codes: Iterable<string>): Promise<void> {
    let next = [...codes]
    while (next.length > 0) {
      await ensure(unitById, units.get, next)
      next = [...new Set(next.flatMap((code) => unitById.get(code)?.parent ?? []))]
    }
  }

  /** A unit and those above it that are known. */
  function path(code: string): string[] {
    const found: string[] = []
    for (let at: string | null | undefined = code; at && !found.includes(at); at = unitById.get(at)?.parent) found.push(at)
    return found
  }

  function forget(): void {
    for (const map of [personById, stationById, unitById]) map.clear()
    lists = null
  }

  return {
    forget,
    personById,
    stationById,
    unitById,
    skillList,
    shiftTypeList,
    ensureLists,
    keepPeople: (items: readonly Schemas['Person'][]) => keep(personById, items),
    keepStations: (items: readonly Schemas['Station'][]) => keep(stationById, items),
    keepUnits: (items: readonly Schemas['Unit'][]) => keep(unitById, items),
    ensurePeople: (ids: Iterable<string>) => ensure(personById, people.get, ids),
    ensureStations: (ids: Iterable<string>) => ensure(stationById, stations.get, ids),
    ensurePaths,
    path,
    ensureUnits: (ids: Iterable<string>) => ensure(unitById, units.get, ids),
    person: (id: string) => personById.get(id)?.name ?? id,
    station: (id: string) => stationById.get(id)?.name ?? id,
    unit: (id: string) => unitById.get(id)?.name ?? id,
    skill: (id: string | null | undefined) => (id ? (skillList.value.find((one) => one.id === id)?.name ?? id) : ''),
    shiftType: (id: string | null | undefined) =>
      id ? (shiftTypeList.value.find((one) => one.id === id)?.name ?? id) : '',
  }
})
