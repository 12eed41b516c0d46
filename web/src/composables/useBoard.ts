/** State of the board over loaded data: rows, filters, pins and changes by hand with undo. */
import { computed, ref, shallowRef, watch, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { ElMessage } from 'element-plus'
import { adjusting } from '@/api/adjusting'
import { planning, type Assignment } from '@/api/planning'
import { ApiProblem } from '@/api/problem'
import { useSave } from '@/composables/useSave'
import { inverse, type Change, type Place } from '@/lib/effects'
import { byUrgency, headsByPost, personRows, stationRows, type BoardRow } from '@/lib/board'
import type { BoardData } from '@/lib/loadBoard'
import { listed } from '@/lib/punctuation'
import { useNames } from '@/stores/names'

export type Mode = 'station' | 'person'
export type Only = '' | 'short' | 'pinned' | 'free'

type Undo = (reload: () => Promise<void>) => Promise<unknown>
const placeKey = ({ person, post }: Place) => `${person} ${post}`

export function useBoard(data: ShallowRef<BoardData | null>) {
  const { t } = useI18n()
  const names = useNames()
  const { tell } = useSave()
  const mode = ref<Mode>('station')
  const text = ref('')
  const only = ref<Only>('')
  const skill = ref('')
  const kind = ref('')
  const duties = shallowRef<Assignment[]>([])
  const undos = shallowRef<Undo[]>([])

  watch(data, (now) => (duties.value = now?.duties ?? []))
  watch(mode, () => (only.value = ''))

  const postById = computed(() => new Map((data.value?.posts ?? []).map((one) => [one.id ?? '', { ...one, id: one.id ?? '', mix: one.mix ?? false }])))
  const wantedPosts = computed(() => {
    const all = [...postById.value.values()].filter((one) => !one.retired)
    return skill.value ? all.filter((one) => one.skill === skill.value) : all
  })
  const wantedDuties = computed(() => {
    if (!skill.value) return duties.value
    const ids = new Set(wantedPosts.value.map((one) => one.id))
    return duties.value.filter((one) => ids.has(one.post))
  })
  const minutesByPerson = computed(() => {
    const sum = new Map<string, number>()
    for (const duty of duties.value) sum.set(duty.person, (sum.get(duty.person) ?? 0) + duty.endMinute - duty.startMinute)
    return sum
  })

  const allRows = computed<BoardRow[]>(() => {
    if (!data.value) return []
    if (mode.value === 'station') {
      return stationRows(data.value.stations.map((one) => one.id ?? ''), wantedPosts.value, wantedDuties.value, data.value.trainees)
    }
    // People from elsewhere who serve here come after those whose home this is.
    const ids = data.value.people.filter((one) => !kind.value || one.category === kind.value).map((one) => one.id ?? '')
    const guests = data.value.guests.filter((one) => !kind.value || one.category === kind.value).map((one) => one.id ?? '')
    return personRows([...ids, ...guests], postById.value, wantedDuties.value)
  })

  const kindOf = computed(() => new Map((data.value?.stations ?? []).map((one) => [one.id, one.kind])))
  const rows = computed(() => {
    const part = text.value.trim().toLowerCase()
    return allRows.value.filter((row) => {
      const name = mode.value === 'station' ? names.station(row.id) : names.person(row.id)
      if (part && !name.toLowerCase().includes(part)) return false
      if (mode.value === 'station' && kind.value && kindOf.value.get(row.id) !== kind.value) return false
      if (only.value === 'short') return row.coverage.missing > 0
      if (only.value === 'pinned') return [...row.cells.values()].some((cell) => cell.duties.some((duty) => duty.pinned))
      if (only.value === 'free') return row.minutes === 0
      return true
    })
  })

  const heads = computed(() => headsByPost(duties.value, data.value?.trainees ?? new Set()))
  /** Posts below their minimum as the board stands, the highest priority first, then by day. */
  const short = computed(() =>
    [...postById.value.values()]
      .filter((one) => !one.retired && (heads.value.get(one.id) ?? 0) < one.minHeads)
      .sort(byUrgency)
      .map((post) => ({ post, missing: post.minHeads - (heads.value.get(post.id) ?? 0), unmet: data.value?.unmet.get(post.id) })),
  )
  const counts = computed(() => ({
      duties: duties.value.length,
      people: new Set(duties.value.map((one) => one.person)).size,
      stations: data.value?.stations.length ?? 0,
      short: short.value.length,
  }))

  function replaceDuty(fresh: Assignment): void {
    duties.value = duties.value.map((one) => (one.id === fresh.id ? fresh : one))
  }

  /** Pins or unpins at once on screen; what the server refuses is taken back and shown. */
  async function pinOne(id: number, pinned: boolean, reload: () => Promise<void>): Promise<boolean> {
    const before = duties.value.find((one) => one.id === id)
    if (!before || before.pinned === pinned) return false
    replaceDuty({ ...before, pinned })
    const name = names.person(before.person)
    try {
      replaceDuty(await planning.pin(before, pinned))
      return true
    } catch (error) {
      replaceDuty(before)
      if (error instanceof ApiProblem && error.stale) {
        ElMessage({ message: t('board.pinMoved', { name }), type: 'warning', duration: 6000, showClose: true })
        await reload()
      } else if (error instanceof ApiProblem && error.status === 404) {
        ElMessage({ message: t('board.pinGone', { name }), type: 'warning', duration: 6000, showClose: true })
        await reload()
      } else tell(error)
      return false
    }
  }

  /** How many rows of pins are being sent one by one; read anew in between, the board would take its own for another's. */
  const pinning = ref(0)
  async function pinAll(ids: number[], pinned: boolean, reload: () => Promise<void>): Promise<void> {
    const done: number[] = []
    pinning.value += 1
    for (const id of ids) if (await pinOne(id, pinned, reload)) done.push(id)
    pinning.value -= 1
    if (done.length === 0) return
    undos.value = [...undos.value, async (again) => {
      pinning.value += 1
      for (const id of done) await pinOne(id, !pinned, again)
      pinning.value -= 1
    }]
    const who = listed([...new Set(duties.value.filter((one) => done.includes(one.id)).map((one) => names.person(one.person)))])
    ElMessage({ message: t(pinned ? 'board.pinDone' : 'board.unpinDone', { name: who }), type: 'success', duration: 2000, grouping: true })
  }

  /** Sends a change; the board shows what the server stored. */
  async function send(change: Change, reason: string | null, pinned: boolean, reload: () => Promise<void>): Promise<boolean> {
    const plan = data.value?.schedule?.id
    if (!plan) return false
    try {
      const given = await adjusting.apply(plan, { ...change, reason, pinned })
      const gone = new Set(change.removed.map(placeKey))
      await names.ensurePeople(given.map((one) => one.person))
      duties.value = [...duties.value.filter((one) => !gone.has(placeKey(one))), ...given]
      return true
    } catch (error) {
      if (error instanceof ApiProblem && (error.code === 'base-replanned' || error.status === 404)) {
        ElMessage({ message: t('adjust.moved'), type: 'warning', duration: 6000, showClose: true })
        await reload()
      } else tell(error)
      return false
    }
  }

  /** Changes duties by hand, all or none; remembered so that it can be taken back. */
  async function adjust(change: Change, reason: string | null, reload: () => Promise<void>): Promise<boolean> {
    const gone = new Set(change.removed.map(placeKey))
    const pinned = duties.value.filter((one) => gone.has(placeKey(one))).some((one) => one.pinned)
    if (!(await send(change, reason, true, reload))) return false
    undos.value = [...undos.value, (again) => send(inverse(change), t('adjust.undoReason'), pinned, again)]
    ElMessage({ message: t('adjust.done'), type: 'success', duration: 2500, grouping: true })
    return true
  }

  async function undo(reload: () => Promise<void>): Promise<void> {
    const last = undos.value.at(-1)
    undos.value = undos.value.slice(0, -1)
    await last?.(reload)
  }

  function clear(): void {
    text.value = ''
    only.value = ''
    skill.value = ''
    kind.value = ''
  }

  return {
    mode, text, only, skill, kind, rows, allRows, counts, short, minutesByPerson, tell, pinAll, pinning, adjust, undo, clear,
    /** Whether other people stand at posts, or other pins, than on the board now. */
    differs: (other: readonly Assignment[]) => {
      const signs = (list: readonly Assignment[]) => list.map((one) => `${placeKey(one)} ${one.pinned}`).sort().join()
      return signs(other) !== signs(duties.value)
    },
    status: computed(() => data.value?.schedule?.status ?? null),
    /** What is in force is not taken back. */
    undoable: computed(() => undos.value.length > 0 && data.value?.schedule?.status === 'planned'),
    reset: () => (undos.value = []),
  }
}
