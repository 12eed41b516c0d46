/** Which unit and which week the planning pages show. In the address where a page is shared, remembered otherwise. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { planning } from '@/api/planning'
import { units } from '@/api/resource'
import { mondayOf, mondayOfWeek, shiftWeek, today, weekDays, weekOf } from '@/lib/time'
import type { Schemas } from '@/api/client'
import { useSession } from './session'

const KEY = 'paiban.scope'
export type Unit = Schemas['Unit']

export const useScope = defineStore('scope', () => {
  const unit = ref<Unit | null>(null)
  const week = ref(shiftWeek(weekOf(today()), 1))
  const empty = ref<boolean | null>(null)
  const monday = computed(() => mondayOfWeek(week.value) ?? mondayOf(today()))
  const days = computed(() => weekDays(monday.value))

  /** Why the first questions failed; the whole app waits for them. */
  const failed = ref<unknown>(null)

  /** Finds a unit and a week worth showing; asks once, again after `reset` or a failure. */
  async function boot(): Promise<void> {
    if (empty.value !== null) return
    try {
      await look()
      failed.value = null
    } catch (error) {
      failed.value = error
      throw error
    }
  }

  async function look(): Promise<void> {
    const kept = read()
    const [first, keptUnit] = await Promise.all([units.list({ limit: 1 }), kept.unit ? units.get(kept.unit).catch(() => null) : null])
    if (first.items.length === 0) {
      empty.value = true
      return
    }
    if (kept.unit) unit.value = keptUnit
    if (!unit.value) {
      const streets = await units.list({ level: 'street', limit: 1 })
      unit.value = streets.items[0] ?? first.items[0] ?? null
    }
    if (kept.week && mondayOfWeek(kept.week)) week.value = kept.week
    else if (useSession().may('inspect')) {
      const published = await planning.schedules({ status: 'published' })
      const latest = published.map((one) => one.week).sort().at(-1)
      if (latest) week.value = latest
    }
    empty.value = false
  }

  function reset(): void {
    empty.value = null
    unit.value = null
  }

  async function choose(code: string): Promise<void> {
    if (unit.value?.id !== code) unit.value = await units.get(code)
  }

  function read(): { unit?: string; week?: string } {
    try {
      return JSON.parse(sessionStorage.getItem(KEY) ?? localStorage.getItem(KEY) ?? '{}') as { unit?: string; week?: string }
    } catch {
      return {}
    }
  }

  watch([unit, week], () => {
    if (!unit.value) return
    try {
      const text = JSON.stringify({ unit: unit.value.id, week: week.value })
      sessionStorage.setItem(KEY, text)
      localStorage.setItem(KEY, text)
    } catch {
      // Without storage the next visit starts at the first street.
    }
  })
  return { unit, week, monday, days, empty, failed, boot, reset, choose }
})
