/** Which rights each role gives, as the server's own table says; the server decides, this only keeps pages out of the way. */

export const ROLES = ['administrator', 'manager', 'coordinator', 'member', 'deputy', 'informationOfficer', 'reader'] as const
export type Role = (typeof ROLES)[number]

export type Right = 'see' | 'inspect' | 'edit' | 'plan' | 'publish' | 'rules' | 'register' | 'follow' | 'handle' | 'receive' | 'unmask' | 'administer'

const GIVES: Record<Exclude<Role, 'administrator'>, readonly Right[]> = {
  manager: ['see', 'inspect', 'follow', 'plan', 'publish', 'rules'],
  coordinator: ['see', 'inspect', 'edit', 'register', 'follow', 'handle', 'receive', 'plan', 'publish', 'unmask'],
  member: ['see', 'follow', 'handle', 'receive'],
  deputy: ['see', 'follow', 'receive'],
  informationOfficer: ['see', 'register'],
  reader: ['see', 'inspect', 'follow'],
}

/** Whether one of the roles gives the right somewhere. */
export function holds(roles: readonly string[], right: Right): boolean {
  return roles.some((role) => role === 'administrator' || (GIVES[role as keyof typeof GIVES]?.includes(right) ?? false))
}

/** Where a person with these roles begins. */
export function homeOf(roles: readonly string[], person: string | null | undefined): string {
  if (holds(roles, 'inspect')) return '/board'
  if (person && holds(roles, 'follow')) return '/my-week'
  if (holds(roles, 'register')) return '/cases/new'
  return holds(roles, 'follow') ? '/cases' : '/receptions'
}

/** An address within the app to come back to; anything else leads home. */
export function backTo(asked: unknown): string | null {
  return typeof asked === 'string' && /^\/(?![/\\])/.test(asked) && !/^\/(sign-in|password)\b/.test(asked) ? asked : null
}
