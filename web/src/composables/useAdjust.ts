/** Changing the board's roster by hand: carrying a duty elsewhere, choosing a replacement, doing what is proposed. */
import { computed, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { ElMessage } from 'element-plus'
import type { Carried } from '@/components/MoveDialog.vue'
import type { useBoard } from '@/composables/useBoard'
import type { BoardDuty, Cell } from '@/lib/board'
import { landings, type Change } from '@/lib/effects'
import { useNames } from '@/stores/names'

interface Asking {
  about: { assignment?: number; post?: string }
  title: string
}

export function useAdjust(board: ReturnType<typeof useBoard>, reload: () => Promise<void>) {
  const { t } = useI18n()
  const names = useNames()
  const carrying = ref<BoardDuty | null>(null)
  const carried = ref<Carried | null>(null)
  const asking = ref<Asking | null>(null)
  const busy = ref(false)
  const said = ref('')

  function carry(duty: BoardDuty): void {
    carrying.value = duty
    said.value = t('adjust.carrying', { name: names.person(duty.person) })
  }

  /** Picks up what stands in a cell; asked again there, the next of several. */
  function pickUp(duties: readonly BoardDuty[]): void {
    const at = duties.findIndex((one) => one.id === carrying.value?.id)
    const next = duties[(at + 1) % Math.max(1, duties.length)]
    if (next) carry(next)
  }

  function letGo(): void {
    if (carrying.value) said.value = t('adjust.dropped')
    carrying.value = null
  }

  /** Puts down what is carried in a cell of a row; nothing is saved before its price was seen. */
  function putDown(row: string, cell: Cell): void {
    const duty = carrying.value
    carrying.value = null
    said.value = ''
    if (!duty) return
    const places = board.mode.value === 'station' ? landings(duty, cell) : []
    if (board.mode.value === 'person' && row !== duty.person) carried.value = { duty, person: row }
    else if (places.length > 0) carried.value = { duty, landings: places }
    else ElMessage({ message: t('adjust.noLanding'), type: 'info', duration: 3000, grouping: true })
  }

  async function apply(change: Change, reason: string | null = null): Promise<void> {
    if (busy.value) return
    busy.value = true
    const done = await board.adjust(change, reason, reload)
    busy.value = false
    if (!done) return
    carried.value = null
    asking.value = null
    said.value = t('adjust.done')
  }

  return {
    carrying, carried, asking, busy, said, carry, pickUp, letGo, putDown, apply,
    replace: (duty: BoardDuty) => (asking.value = { about: { assignment: duty.id }, title: t('adjust.replaceTitle', { name: names.person(duty.person) }) }),
    add: (post: string) => (asking.value = { about: { post }, title: t('adjust.addTitle') }),
    /** Only rosters that are planned and not in force are changed by hand. */
    editable: computed(() => board.status.value === 'planned'),
  }
}
