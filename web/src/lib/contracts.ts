/** The limits of a contract form that the app lets one edit, with the rule each belongs to. */
export const CONTRACT_FIELDS = [
  { key: 'minMinutesWeek', rule: 'S20', required: true },
  { key: 'maxMinutesWeek', rule: 'H05', required: false },
  { key: 'maxMinutesFourWeeks', rule: 'H05', required: false },
  { key: 'maxDutiesWeek', rule: 'H05', required: false },
  { key: 'maxMinutesDay', rule: 'H04', required: false },
  { key: 'maxDutiesDay', rule: 'H04', required: false },
  { key: 'minRestMinutes', rule: 'H06', required: false },
  { key: 'maxConsecutiveDays', rule: 'H07', required: false },
  { key: 'minConsecutiveDays', rule: 'H07', required: false },
  { key: 'minConsecutiveDaysOff', rule: 'H07', required: false },
  { key: 'maxWeekendsFourWeeks', rule: 'H08', required: false },
] as const

export type ContractField = (typeof CONTRACT_FIELDS)[number]
