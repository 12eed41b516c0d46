/** The units that somebody's tree begins with: the city, or the roots of the subtrees that the roles give. */
import { units } from '@/api/resource'
import { useNames } from '@/stores/names'
import type { Unit } from '@/stores/scope'
import { useSession } from '@/stores/session'

export async function topUnits(): Promise<Unit[]> {
  const names = useNames()
  const roots = useSession().rootsOf('see')
  if (roots) {
    await names.ensureUnits(roots)
    const known = roots.flatMap((code) => names.unitById.get(code) ?? [])
    await names.ensurePaths(roots)
    // One role may lie within another's subtree.
    return known.filter((one) => !names.path(one.parent ?? '').some((above) => roots.includes(above)))
  }
  const [cities, others] = await Promise.all([units.list({ level: 'city', limit: 200 }), units.list({ limit: 50 })])
  return [...cities.items, ...others.items.filter((one) => !one.parent && one.level !== 'city')]
}
