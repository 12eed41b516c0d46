/** State of the board over loaded data: rows, filters, pins with undo. */
import { computed, ref, shallowRef, watch, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { ElMessage } from 'element-plus'
import { planning, type Assignment } from '@/api/planning'
import { ApiProblem } from '@/api/problem'
import { useSave } from '@/composables/useSave'
import { headsByPost, personRows, stationRows, type BoardRow } from '@/lib/board'
import type { BoardData } from '@/lib/loadBoard'
import { useNames } from '@/stores/names'

export type Mode = 'station' | 'person'
export type Only = '' | 'short' | 'pinned' | 'free'

interface Undo {
  ids: number[]
  pinned: boolean
}

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
  const undos = ref<Undo[]>([])

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

  const counts = computed(() => {
    const heads = headsByPost(duties.value, data.value?.trainees ?? new Set())
    return {
      duties: duties.value.length,
      people: new Set(duties.value.map((one) => one.person)).size,
      stations: data.value?.stations.length ?? 0,
      short: [...postById.value.values()].filter((one) => !one.retired && (heads.get(one.id) ?? 0) < one.minHeads).length,
    }
  })

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

  async function pinAll(ids: number[], pinned: boolean, reload: () => Promise<void>): Promise<void> {
    const done: number[] = []
    for (const id of ids) if (await pinOne(id, pinned, reload)) done.push(id)
    if (done.length === 0) return
    undos.value.push({ ids: done, pinned })
    const who = [...new Set(duties.value.filter((one) => done.includes(one.id)).map((one) => names.person(one.person)))].join('、')
    ElMessage({ message: t(pinned ? 'board.pinDone' : 'board.unpinDone', { name: who }), type: 'success', duration: 2000, grouping: true })
  }

  async function undo(reload: () => Promise<void>): Promise<void> {
    const last = undos.value.pop()
    for (const id of last?.ids ?? []) await pinOne(id, !last?.pinned, reload)
  }

  function clear(): void {
    text.value = ''
    only.value = ''
    skill.value = ''
    kind.value = ''
  }

  return {
    mode, text, only, skill, kind, rows, allRows, counts, minutesByPerson, tell, pinAll, undo, clear,
    undoable: computed(() => undos.value.length > 0),
    reset: () => (undos.value = []),
  }
}
