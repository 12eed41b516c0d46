/** The fixed words of the interface; their texts are in i18n under the same names. */
export const LEVELS = ['city', 'district', 'street', 'community', 'point'] as const
export const KINDS = ['guidanceCentre', 'generalStation', 'workStation', 'servicePoint', 'serviceBase'] as const
export const CATEGORIES = ['secondedCadre', 'reassignedStaff', 'recruitedStaff', 'volunteer', 'deputy'] as const
export const AVAILABILITY = ['unavailable', 'undesired', 'desired'] as const
export const TEMPLATE_DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday', 'offDays'] as const
export const HOUR_DAYS = ['1-monday', '2-tuesday', '3-wednesday', '4-thursday', '5-friday', '6-saturday', '7-sunday', 'off-day'] as const
